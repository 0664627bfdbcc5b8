using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portunus.Store.Access;

namespace Portunus.Waf.Wwsf;

/// <summary>
/// Where a page gets an identity of the pool and the token that says so: <c>POST /wwsf/lease</c>, again and again for as long as
/// it is used, and <c>DELETE</c> when it is done.
/// </summary>
sealed class LeaseEndpoint(
    WwsfSettings settings, AccessStore store, WafClientCalls waf, GuestLimit guests, TimeProvider time,
    ILogger<LeaseEndpoint> log)
{
    public const string Path = "/wwsf/lease";

    /// <summary>The scheme of the site's session cookie.</summary>
    public const string Session = "portunus-site";

    public async Task TakeAsync(HttpContext context)
    {
        if (await HolderAsync(context) is not { } holder)
        {
            await NewGuestAsync(context);
            return;
        }

        await LeaseAsync(context, holder);
    }

    public async Task EndAsync(HttpContext context)
    {
        if (await HolderAsync(context) is not { } holder)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        const string scheme = "Bearer ";
        var shown = context.Request.Headers.Authorization.ToString();
        if (shown.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            await waf.RevokeAsync(shown[scheme.Length..], context.RequestAborted);
        await store.EndLeaseAsync(settings.ClientId, holder, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    async Task NewGuestAsync(HttpContext context)
    {
        if (!settings.AllowsGuests)
        {
            await WriteAsync(context, 401, new() { ["error"] = "login_required" });
            return;
        }

        if (guests.TryAdd(context.Connection.RemoteIpAddress ?? IPAddress.None) is { } wait)
        {
            context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
            await WriteAsync(context, 429, new() { ["error"] = "too_many_guests" });
            return;
        }

        var holder = "guest-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        ClaimsIdentity who = new([new Claim(ClaimTypes.Name, holder)], Session);
        await context.SignInAsync(Session, new(who));
        await LeaseAsync(context, holder);
    }

    async Task LeaseAsync(HttpContext context, string holder)
    {
        var stop = context.RequestAborted;
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var lease = await store.TakeLeaseAsync(
            settings.ClientId, holder, id, now, (int)settings.LeaseTime.TotalSeconds, (int)settings.Grace.TotalSeconds, stop);
        if (lease is null)
        {
            await ExhaustedAsync(context, now);
            return;
        }

        var (token, reason) = await waf.AskAsync(lease, stop);
        if (token is not { } made)
        {
            WafLog.WafRefused(log, reason!);
            context.Response.Headers.RetryAfter = "5";
            await WriteAsync(context, 503, new() { ["error"] = "no_token" });
            return;
        }

        await WriteAsync(context, 200, new()
        {
            ["impu"] = lease.Impu, ["access_token"] = made.Value, ["token_type"] = "Bearer", ["expires_in"] = made.ExpiresIn,
            ["lease_expires_in"] = lease.Until - now,
        });
    }

    async Task ExhaustedAsync(HttpContext context, long now)
    {
        var free = await store.NextFreeAsync(settings.ClientId, context.RequestAborted) ?? now;
        var wait = Math.Max(1, free - now);
        WafLog.PoolExhausted(log, settings.ClientId, wait);
        context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        await WriteAsync(context, 503, new() { ["error"] = "pool_exhausted" });
    }

    static async Task<string?> HolderAsync(HttpContext context) =>
        (await context.AuthenticateAsync(Session)).Principal?.Identity?.Name;

    internal static async Task WriteAsync(HttpContext context, int status, Dictionary<string, object> json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(json), context.RequestAborted);
    }
}
