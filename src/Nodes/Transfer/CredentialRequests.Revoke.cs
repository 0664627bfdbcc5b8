using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Portunus.Nodes.Transfer;

// The revocation feed: an edge tells of registrations whose credentials were never pushed.
sealed partial class CredentialRequests
{
    /// <summary>Far above the life of what edges give; what is denied for longer would only fill the table.</summary>
    static readonly TimeSpan LongestDenial = TimeSpan.FromDays(7);

    async Task RevokeAsync(HttpContext context)
    {
        if (await RealmAsync(context) is null) return;
        var id = (string)context.GetRouteValue("id")!;
        if (await ReadAsync<TransferJson.Revocation>(context) is not { Expires: var expires }) return;
        var now = SystemClock.Now;
        var mistake = !StatedCredential.IsRegistration(id) ? "An id has 1 to 128 visible characters of ASCII."
            : expires > (now + LongestDenial).UnixSeconds ? "expires lies more than a week ahead."
            : null;
        if (mistake is not null)
        {
            await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, mistake);
            return;
        }

        // What has expired needs no denial, but what began on it may live.
        var deniedFor = TimeSpan.FromSeconds(Math.Max(0, expires - now.UnixSeconds));
        if (await revoke!(id, deniedFor)) context.Response.StatusCode = StatusCodes.Status204NoContent;
        else await Problem.WriteAsync(
            context, StatusCodes.Status507InsufficientStorage,
            "What lived on it has ended, but as many are denied as may be: it may begin anew.");
    }
}
