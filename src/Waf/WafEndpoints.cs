using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portunus.Store;
using Portunus.Store.Access;
using Portunus.Waf.Authorize;
using Portunus.Waf.Keys;
using Portunus.Waf.Token;
using Portunus.Waf.Turn;

namespace Portunus.Waf;

/// <summary>What a WAF answers on its web listener.</summary>
public static class WafEndpoints
{
    /// <summary>
    /// Where the keys of access tokens are (RFC 7517), and what introspects (RFC 7662) and revokes them (RFC 7009).
    /// </summary>
    public const string Jwks = "/.well-known/jwks", Introspection = "/oauth/introspect", Revocation = "/oauth/revoke";

    /// <summary>What it says of itself (RFC 8414), under the name of the RFC and that of OpenID Connect.</summary>
    public const string Metadata = "/.well-known/oauth-authorization-server",
        OpenIdMetadata = "/.well-known/openid-configuration";

    public const string Health = "/health";

    /// <summary>Reads the keys and writes the clients; before the application starts.</summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public static async Task PrepareWafAsync(this WebApplication application, CancellationToken stop = default)
    {
        await application.Services.GetRequiredService<SigningKeys>().RefreshAsync(stop);
        await using var scope = application.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Clients>().SynchronizeAsync(stop);
    }

    public static void MapWaf(this WebApplication application)
    {
        application.Use(GuardAsync);
        application.UseRouting();
        application.UseAuthentication();
        application.MapMethods(
            AuthorizeEndpoint.Path, ["GET", "POST"],
            (HttpContext context) => context.RequestServices.GetRequiredService<AuthorizeEndpoint>().ServeAsync(context));
        application.MapPost(
            TokenEndpoint.Path,
            (HttpContext context) => context.RequestServices.GetRequiredService<TokenEndpoint>().ServeAsync(context));
        application.MapPost(
            TurnTokenEndpoint.Path,
            (HttpContext context) => context.RequestServices.GetRequiredService<TurnTokenEndpoint>().ServeAsync(context));
        application.MapGet(
            StunKeyEndpoint.Path,
            (HttpContext context) => context.RequestServices.GetRequiredService<StunKeyEndpoint>().ServeAsync(context));
        application.MapGet(Pages.StylePath, ServeStyleAsync);
        application.MapGet(Health, HealthEndpoint.ServeAsync);
    }

    /// <summary>Before all else: the headers, the keys that are due, and what has ended.</summary>
    static Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        SecurityHeaders.Set(context);
        // By the clock that dates the tokens: a client sees by it why a TURN server refuses them.
        context.Response.Headers.Date = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToString("r", null);
        return AccessFailure.GuardAsync(context, async context =>
        {
            var services = context.RequestServices;
            if (services.GetRequiredService<CrossOrigin>().Answer(context)) return;
            if (await UnwritableText.RefuseAsync(context)) return;
            await services.GetRequiredService<SigningKeys>().RefreshAsync(context.RequestAborted);
            await services.GetRequiredService<Housekeeping>().RunWhenDueAsync(context.RequestAborted);
            await next(context);
        });
    }

    static Task ServeStyleAsync(HttpContext context)
    {
        context.Response.ContentType = "text/css; charset=utf-8";
        return context.Response.WriteAsync(Pages.Style, context.RequestAborted);
    }
}
