using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Portunus.Store.Access;
using Portunus.Waf.Authorize;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Portunus.Waf.Token;

/// <summary>
/// The token endpoint (RFC 6749 §3.2): what a code, a refresh token, a client or another token is worth. OpenIddict has
/// authenticated the client and checked what it showed.
/// </summary>
sealed class TokenEndpoint(WafSettings settings, AccessStore store, SipTokens tokens, TimeProvider time)
{
    public const string Path = "/oauth/token";

    /// <summary>
    /// Our extension of the client credentials grant: a WWSF names the identity of its pool that it gave away, and the Unix
    /// seconds at which it takes it back.
    /// </summary>
    public const string LeasedImpu = "ims_impu", LeaseEnds = "lease_ends";

    public async Task ServeAsync(HttpContext context)
    {
        var request = context.GetOpenIddictServerRequest()!;
        var client = settings.Clients.Single(client => client.Id == request.ClientId);
        var (principal, error, reason) = request.IsClientCredentialsGrantType()
            ? Credentials(request, client)
            : await FromTokenAsync(context, request, client);
        if (principal is null)
        {
            await context.ForbidAsync(
                OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, Refusal.Properties(error!, reason!));
            return;
        }

        await context.SignInAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, principal);
    }

    Result Credentials(OpenIddictRequest request, WafClient client)
    {
        var scopes = request.GetScopes();
        if ((string?)request[LeasedImpu] is not { } impu)
        {
            return scopes.Contains(Scopes.Register)
                ? new(Errors.InvalidScope, "A client alone is nobody in the IMS; ask without ims.register, or name ims_impu.")
                : new(tokens.ForClient(client, scopes));
        }

        // A WWSF that was broken into gives away nothing outside its pool.
        if (client.Pool is null || !client.Pool.Impus.Contains(impu))
            return new(Errors.InvalidRequest, "This identity is not in the pool of the client.");
        if (!long.TryParse((string?)request[LeaseEnds], NumberStyles.None, CultureInfo.InvariantCulture, out var ends))
            return new(Errors.InvalidRequest, "lease_ends is the Unix time in seconds at which the identity is taken back.");
        var rest = ends - time.GetUtcNow().ToUnixTimeSeconds();
        if (rest <= 0) return new(Errors.InvalidGrant, "The lease has ended.");
        // Longer than any token is as good as an hour, and stays within what a TimeSpan can say.
        return new(tokens.ForLease(client, impu, TimeSpan.FromSeconds(Math.Min(rest, 86_400)), scopes));
    }

    async Task<Result> FromTokenAsync(HttpContext context, OpenIddictRequest request, WafClient client)
    {
        var shown = await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        if (shown.Principal is not { } principal) return new(Errors.InvalidGrant, "The token says nothing.");
        if (request.IsTokenExchangeGrantType()) return Exchange(request, client, principal);
        // A user may have gone or changed since the code or the refresh token was made.
        var name = principal.GetClaim(SipTokens.User);
        var user = name is null ? null : await store.FindUserAsync(name, context.RequestAborted);
        if (user is null) return new(Errors.InvalidGrant, "The user is not there any more.");
        if (principal.GetClaim(SipTokens.Stamp) != PasswordStamp.Of(user))
            return new(Errors.InvalidGrant, "The user has another password; sign in anew.");
        var renewed = tokens.ForUser(user, client, principal.GetScopes());
        renewed.SetAuthorizationId(principal.GetAuthorizationId());
        return new(renewed);
    }

    Result Exchange(OpenIddictRequest request, WafClient client, ClaimsPrincipal subject)
    {
        if (subject.GetScenario() is null) return new(Errors.InvalidGrant, "The subject token speaks for no user.");
        var wanted = request.GetScopes();
        var held = subject.GetScopes();
        if (wanted.Except(held).Any()) return new(Errors.InvalidScope, "The subject token does not have that scope.");
        // OpenIddict holds what was asked for against what the client may have, but not what is given unasked.
        ImmutableArray<string> scopes = wanted.IsEmpty
            ? [.. held.Where(scope => scope != Scopes.Offline && client.Scopes.Contains(scope))]
            : wanted;
        var rest = subject.GetExpirationDate() - time.GetUtcNow();
        if (rest is not { } left || left <= TimeSpan.Zero) return new(Errors.InvalidGrant, "The subject token has run out.");
        var exchanged = tokens.ForExchange(subject, client, scopes, left);
        exchanged.SetAuthorizationId(subject.GetAuthorizationId());
        return new(exchanged);
    }

    readonly record struct Result(ClaimsPrincipal? Principal, string? Error, string? Reason)
    {
        public Result(ClaimsPrincipal principal)
            : this(principal, null, null)
        {
        }

        public Result(string error, string reason)
            : this(null, error, reason)
        {
        }
    }
}
