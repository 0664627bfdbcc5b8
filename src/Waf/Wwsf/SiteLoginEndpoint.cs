using System.Globalization;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Portunus.Store.Access;
using Portunus.Waf.Authorize;

namespace Portunus.Waf.Wwsf;

/// <summary>
/// The site's own login, <c>POST /wwsf/login</c> with <c>user</c> and <c>password</c>: the users of a site with a pool have no
/// identity in the IMS.
/// </summary>
sealed class SiteLoginEndpoint(WwsfSettings settings, PasswordChecks passwords, LoginThrottle throttle)
{
    public const string Path = "/wwsf/login";

    public async Task ServeAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        var (name, password) = (form?["user"].ToString() ?? "", form?["password"].ToString() ?? "");
        if (name.Length is 0 or > 200 || password.Length is 0 or > 200)
        {
            await LeaseEndpoint.WriteAsync(context, 400, new() { ["error"] = "invalid_request" });
            return;
        }

        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        using var turn = await passwords.TakeTurnAsync(context.RequestAborted);
        if (turn is null)
        {
            context.Response.Headers.RetryAfter = PasswordChecks.RetryAfter;
            await LeaseEndpoint.WriteAsync(context, 503, new() { ["error"] = "temporarily_unavailable" });
            return;
        }

        if (throttle.TryBegin(name, address) is { } wait)
        {
            turn.Dispose();
            context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
            await LeaseEndpoint.WriteAsync(context, 429, new() { ["error"] = "too_many_attempts" });
            return;
        }

        var user = settings.Users.TryGetValue(name, out var hash) ? new UserRecord(name, hash, "", []) : null;
        if (!await turn.CheckAsync(user, password))
        {
            await LeaseEndpoint.WriteAsync(context, 401, new() { ["error"] = "access_denied" });
            return;
        }

        throttle.Succeeds(name, address);
        ClaimsIdentity who = new([new Claim(ClaimTypes.Name, "user-" + name)], LeaseEndpoint.Session);
        await context.SignInAsync(LeaseEndpoint.Session, new(who));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
