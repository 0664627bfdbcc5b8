using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Portunus.Credentials;
using Portunus.Turn;

namespace Portunus.Nodes.Transfer;

// The whole set of an edge, and how bodies are read.
sealed partial class CredentialRequests
{
    async Task SyncAsync(HttpContext context)
    {
        if (await TableAsync(context) is not { } table) return;
        if (!TryReadEpoch(context, out var named))
        {
            await RefuseAsync(context, table, new(PushResult.WrongEpoch));
            return;
        }

        await _sets.WaitAsync(context.RequestAborted);
        try
        {
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = LargestSet;
            if (await ReadAsync<TransferJson.Set>(context) is not { } stated) return;
            if (!TryRead(table.Realm, stated, out var set, out var mistake))
            {
                await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, mistake);
                return;
            }

            // A set that names no epoch may be one of a life of the edge before this one.
            if (named is not { } epoch)
            {
                await RefuseAsync(context, table, new(PushResult.WrongEpoch));
                return;
            }

            List<string> ended = [];
            List<string> refused = [];
            var verdict = table.Pushed.Sync(SystemClock.Now, EdgeOf(context), stated.Sequence, set, epoch, ended, refused);
            await EndAsync(table, ended);
            if (verdict.Result != PushResult.Kept) await RefuseAsync(context, table, verdict);
            else await WriteAsync(
                context, StatusCodes.Status200OK, new TransferJson.Synchronised { Epoch = verdict.Epoch, Refused = [.. refused] });
        }
        finally
        {
            _sets.Release();
        }
    }

    /// <summary>Reads a whole set; says what is wrong with it in a sentence that repeats no value.</summary>
    public static bool TryRead(string realm, TransferJson.Set stated, out List<PushedCredential> set, out string mistake)
    {
        set = new(stated.Credentials.Length);
        mistake = "sequence is a number from 1 to 2^53 - 1.";
        if (stated.Sequence is 0 or > TransferJson.LargestNumber) return false;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in stated.Credentials)
        {
            mistake = "A credential of the set is null, or its username is there twice.";
            if (one is null || !names.Add(one.Username)) return false;
            if (!StatedCredential.TryRead(realm, one.Username, one, out var credential, out var its))
            {
                mistake = its;
                return false;
            }

            mistake = "The sequence of the set is not below that of a credential in it.";
            if (credential.Sequence > stated.Sequence) return false;
            set.Add(credential);
        }

        return true;
    }

    /// <summary>Null when the body is not what it should be; then that was answered.</summary>
    static async Task<T?> ReadAsync<T>(HttpContext context) where T : class
    {
        if (!context.Request.HasJsonContentType())
        {
            await Problem.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, "The body is application/json.");
            return null;
        }

        try
        {
            var body = await JsonSerializer.DeserializeAsync<T>(
                context.Request.Body, TransferJson.Options, context.RequestAborted);
            if (body is not null) return body;
        }
        catch (JsonException)
        {
            // Its message may repeat what stood there.
        }

        await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, "The body is not the JSON that this path takes.");
        return null;
    }
}
