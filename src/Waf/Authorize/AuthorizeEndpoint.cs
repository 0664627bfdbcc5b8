using System.Collections.Immutable;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Portunus.Store.Access;
using Portunus.Waf.Token;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Portunus.Waf.Authorize;

/// <summary>
/// The authorization endpoint (RFC 6749 §3.1). OpenIddict has checked client, redirect URI, PKCE and scopes before anything here
/// runs, for a form that comes back as well; so a page never names a client that is not there.
/// </summary>
sealed class AuthorizeEndpoint(
    WafSettings settings, AccessStore store, PasswordChecks passwords, LoginThrottle throttle, SipTokens tokens, IAntiforgery forgery,
    IOpenIddictApplicationManager applications, IOpenIddictAuthorizationManager authorizations,
    ILogger<AuthorizeEndpoint> log)
{
    public const string Path = "/oauth/authorize";

    const string WrongPassword = "The name or the password is wrong.";

    public async Task ServeAsync(HttpContext context)
    {
        var request = context.GetOpenIddictServerRequest()!;
        var client = settings.Clients.Single(client => client.Id == request.ClientId);
        var step = HttpMethods.IsPost(context.Request.Method) ? (string?)request[Pages.Step] : null;
        if (step is not null && !await forgery.IsRequestValidAsync(context))
        {
            // RFC 9700 §4.7: a form that another site sends.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync("This form has grown old, or did not come from here. Go back and try again.\n");
            return;
        }

        if (step == Pages.Login)
        {
            await SignInAsync(context, request, client);
            return;
        }

        var user = await WhoAsync(context);
        if (user is null || request.HasPromptValue(PromptValues.Login))
        {
            var isSilent = request.HasPromptValue(PromptValues.None);
            if (isSilent) await RefuseAsync(context, Errors.LoginRequired, "Nobody is signed in.");
            else await Pages.SignInAsync(context, request, client, user: null, wrong: null);
            return;
        }

        await GrantAsync(context, request, client, user, step == Pages.Consent ? (string?)request[Pages.Answer] : null);
    }

    async Task SignInAsync(HttpContext context, OpenIddictRequest request, WafClient client)
    {
        var name = (string?)request["user"] ?? "";
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (name.Length > 200 || ((string?)request["password"] ?? "") is not { Length: > 0 and <= 200 } password)
        {
            await Pages.SignInAsync(context, request, client, "", WrongPassword);
            return;
        }

        // Before the attempt counts: who was not heard has not failed.
        using var turn = await passwords.TakeTurnAsync(context.RequestAborted);
        if (turn is null)
        {
            WafLog.LoginsBeyondBound(log);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = PasswordChecks.RetryAfter;
            await Pages.SignInAsync(
                context, request, client, name, $"Too many sign in at once; try again in {PasswordChecks.RetryAfter} s.");
            return;
        }

        if (throttle.TryBegin(name, address) is { } wait)
        {
            turn.Dispose();
            WafLog.LoginThrottled(log, wait);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = wait.ToString(null, null);
            await Pages.SignInAsync(context, request, client, name, $"Too many wrong passwords; try again in {wait} s.");
            return;
        }

        var user = await store.FindUserAsync(name, context.RequestAborted);
        if (!await turn.CheckAsync(user, password))
        {
            await Pages.SignInAsync(context, request, client, name, WrongPassword);
            return;
        }

        throttle.Succeeds(name, address);
        ClaimsIdentity who = new(
            [new Claim(ClaimTypes.Name, name), new Claim(SipTokens.Stamp, PasswordStamp.Of(user!))],
            CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, new(who));
        // By GET: a page that is loaded again sends no password again. Without prompt, which was answered.
        var field = forgery.GetTokens(context).FormFieldName;
        QueryBuilder query = [];
        foreach (var (parameter, value) in request.GetParameters())
        {
            if (parameter != Parameters.Prompt && !Pages.IsOurs(parameter, field) && (string?)value is { } text)
                query.Add(parameter, text);
        }

        context.Response.Redirect(Path + query);
    }

    async Task GrantAsync(HttpContext context, OpenIddictRequest request, WafClient client, UserRecord user, string? answer)
    {
        var scopes = request.GetScopes();
        var application = (await applications.FindByClientIdAsync(client.Id, context.RequestAborted))!;
        var applicationId = (await applications.GetIdAsync(application, context.RequestAborted))!;
        var given = await FindConsentAsync(user, applicationId, scopes, context.RequestAborted);
        if (!client.IsFirstParty && given is null && answer != Pages.Yes)
        {
            var isSilent = request.HasPromptValue(PromptValues.None);
            if (answer is not null) await RefuseAsync(context, Errors.AccessDenied, "The user said no.");
            else if (isSilent) await RefuseAsync(context, Errors.ConsentRequired, "The user was not asked.");
            else await Pages.ConsentAsync(context, request, client, user.Name);
            return;
        }

        var principal = tokens.ForUser(user, client, scopes);
        // One authorization holds all that comes of it: ending it ends them.
        given ??= await authorizations.CreateAsync(
            principal, user.Impi, applicationId, client.IsFirstParty ? AuthorizationTypes.AdHoc : AuthorizationTypes.Permanent,
            scopes, context.RequestAborted);
        principal.SetAuthorizationId(await authorizations.GetIdAsync(given, context.RequestAborted));
        await context.SignInAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, principal);
    }

    async Task<object?> FindConsentAsync(
        UserRecord user, string applicationId, ImmutableArray<string> scopes, CancellationToken stop)
    {
        await foreach (var found in authorizations.FindAsync(
            user.Impi, applicationId, Statuses.Valid, AuthorizationTypes.Permanent, scopes, stop))
            return found;
        return null;
    }

    async Task<UserRecord?> WhoAsync(HttpContext context)
    {
        var cookie = await context.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        if (cookie.Principal?.Identity?.Name is not { } name) return null;
        var user = await store.FindUserAsync(name, context.RequestAborted);
        // Whoever signed in with an earlier password may not be its user any more.
        return user is not null && cookie.Principal.GetClaim(SipTokens.Stamp) == PasswordStamp.Of(user) ? user : null;
    }

    static Task RefuseAsync(HttpContext context, string error, string reason) => context.ForbidAsync(
        OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, Refusal.Properties(error, reason));
}
