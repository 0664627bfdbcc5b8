using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Portunus.Credentials;
using Portunus.Turn;

namespace Portunus.Nodes.Transfer;

// One credential.
sealed partial class CredentialRequests
{
    async Task PutAsync(HttpContext context)
    {
        if (await TableAsync(context) is not { } table) return;
        if (await ReadAsync<TransferJson.Credential>(context) is not { } stated) return;
        if (!StatedCredential.TryRead(table.Realm, UsernameOf(context), stated, out var credential, out var mistake))
        {
            await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, mistake);
            return;
        }

        if (!TryReadEpoch(context, out var epoch))
        {
            await RefuseAsync(context, table, new(PushResult.WrongEpoch));
            return;
        }

        List<string> ended = [];
        var verdict = table.Pushed.Put(SystemClock.Now, EdgeOf(context), credential, epoch, ended);
        await EndAsync(table, ended);
        if (verdict.Result is not (PushResult.Created or PushResult.Kept))
        {
            await RefuseAsync(context, table, verdict);
            return;
        }

        var status = verdict.Result == PushResult.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        await WriteAsync(context, status, new TransferJson.Epoch { Value = table.Pushed.EpochOf(EdgeOf(context)) });
    }

    async Task DeleteAsync(HttpContext context)
    {
        if (await TableAsync(context) is not { } table) return;
        var username = UsernameOf(context);
        if (!PushedName.Is(username) || !TryReadSequence(context, out var sequence))
        {
            await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, "The username or the sequence is none.");
            return;
        }

        List<string> ended = [];
        var verdict = table.Pushed.Delete(SystemClock.Now, EdgeOf(context), username, sequence, ended);
        await EndAsync(table, ended);
        // What is not there, or was said anew since, is withdrawn as well as it can be.
        if (verdict.Result == PushResult.Forbidden) await RefuseAsync(context, table, verdict);
        else context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    static string UsernameOf(HttpContext context) => (string)context.GetRouteValue("username")!;

    static bool TryReadSequence(HttpContext context, out ulong? sequence)
    {
        sequence = null;
        if (!context.Request.Query.TryGetValue("sequence", out var text)) return true;
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        sequence = number;
        return number is > 0 and <= TransferJson.LargestNumber;
    }
}
