using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Portunus.Credentials;
using Portunus.Turn;

namespace Portunus.Nodes.Transfer;

// The revocation feed: an edge tells of registrations whose credentials were never pushed, a WAF of the grants of its tokens.
sealed partial class CredentialRequests
{
    /// <summary>Far above the life of what edges give; what is denied for longer would only fill the table.</summary>
    static readonly TimeSpan LongestDenial = TimeSpan.FromDays(7);

    async Task RevokeAsync(HttpContext context)
    {
        if (await TableAsync(context, writers.MayRevoke) is not { } table) return;
        var share = writers.ShareOf(EdgeOf(context));
        var id = (string)context.GetRouteValue("id")!;
        if (await ReadAsync<TransferJson.Revocation>(context) is not { Expires: var expires }) return;
        var now = SystemClock.Now;
        var mistake = !StatedCredential.IsRegistration(id) ? "An id has 1 to 128 visible characters of ASCII."
            : share is not null && !IsGrant(id) ? "A WAF tells of its tokens: an id has 16 hexadecimal digits, in lower case."
            : expires > (now + LongestDenial).UnixSeconds ? "expires lies more than a week ahead."
            : null;
        if (mistake is not null)
        {
            await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, mistake);
            return;
        }

        // What has expired needs no denial, but what began on it may live.
        var deniedFor = TimeSpan.FromSeconds(Math.Max(0, expires - now.UnixSeconds));
        // A WAF's word is good for tokens alone, so that no registration ends by it. Beyond its share it ends what lives.
        var subjects = share is null
            ? Subject.OfId(id, table.Pushed.SubjectRealm)
            : Subject.OfToken(id, table.Pushed.SubjectRealm);
        var hasRoom = share?.TryTake(now, id, now + deniedFor) ?? true;
        var isDenied = await revoke!(subjects, hasRoom ? deniedFor : TimeSpan.Zero) && hasRoom;
        if (isDenied) context.Response.StatusCode = StatusCodes.Status204NoContent;
        else await Problem.WriteAsync(
            context, StatusCodes.Status507InsufficientStorage,
            "What lived on it has ended, but as many are denied as may be: it may begin anew.");
    }

    /// <summary>As <see cref="Subject.OfToken"/> has it.</summary>
    static bool IsGrant(string id) =>
        id.Length == 2 * TokenSeal.IdLength && !id.AsSpan().ContainsAnyExcept("0123456789abcdef");
}
