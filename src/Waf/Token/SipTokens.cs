using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using Portunus.Store.Access;
using Portunus.Waf.Authorize;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Portunus.Waf.Token;

/// <summary>
/// What an access token says: RFC 9068, with claims of our own for what an eP-CSCF has to know (TS 24.371 §6.1 leaves the token
/// open).
/// </summary>
sealed class SipTokens(WafSettings settings)
{
    /// <summary>
    /// Public identities (an array), the WWSF, and the registration scenario, 2 or 3 (a number). A token without a scenario
    /// speaks for a client alone.
    /// </summary>
    public const string Impus = "ims_impu", Wwsf = "wwsf", Scenario = "scenario";

    /// <summary>
    /// The web identity, and which of its passwords it signed in with; they stay in codes and refresh tokens, and in cookies,
    /// which only we can read.
    /// </summary>
    public const string User = "portunus_user", Stamp = "portunus_stamp";

    /// <summary>Scenario 2: an individual identity.</summary>
    public ClaimsPrincipal ForUser(UserRecord user, WafClient client, ImmutableArray<string> scopes)
    {
        var principal = Begin(user.Impi, scopes);
        principal.SetClaim(User, user.Name);
        principal.SetClaim(Stamp, PasswordStamp.Of(user));
        return Identify(principal, user.Impus, client.Wwsf ?? client.Id, scenario: 2);
    }

    /// <summary>Scenario 3: an identity of the pool that the site has.</summary>
    /// <param name="client">The WWSF; has a pool.</param>
    /// <param name="impu">In it.</param>
    /// <param name="rest">Until the lease ends.</param>
    /// <param name="scopes">What was asked for.</param>
    public ClaimsPrincipal ForLease(WafClient client, string impu, TimeSpan rest, ImmutableArray<string> scopes)
    {
        var principal = Begin(client.Pool!.Impi, scopes);
        principal.SetAccessTokenLifetime(Shorter(settings.AccessTokenLifetime, rest));
        return Identify(principal, [impu], client.Wwsf ?? client.Id, scenario: 3);
    }

    /// <summary>A client that speaks for itself: no identity in the IMS, so no registration.</summary>
    public ClaimsPrincipal ForClient(WafClient client, ImmutableArray<string> scopes) => Finish(Begin(client.Id, scopes));

    /// <summary>RFC 8693: what another token says, for who shows it; never more, and not for longer.</summary>
    public ClaimsPrincipal ForExchange(ClaimsPrincipal subject, WafClient actor, ImmutableArray<string> scopes, TimeSpan rest)
    {
        var principal = Begin(subject.GetClaim(Claims.Subject)!, scopes);
        principal.SetAccessTokenLifetime(Shorter(settings.AccessTokenLifetime, rest));
        // RFC 8693 §4.1
        AddJson(principal, "act", new Dictionary<string, string> { ["sub"] = actor.Id }, JsonClaimValueTypes.Json);
        return Identify(principal, subject.GetImpus(), subject.GetClaim(Wwsf)!, subject.GetScenario()!.Value);
    }

    ClaimsPrincipal Begin(string subject, ImmutableArray<string> scopes)
    {
        ClaimsIdentity identity = new("Portunus", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, subject);
        ClaimsPrincipal principal = new(identity);
        principal.SetScopes(scopes);
        // Becomes "aud".
        principal.SetResources(settings.Audience);
        return principal;
    }

    static ClaimsPrincipal Identify(ClaimsPrincipal principal, IReadOnlyList<string> impus, string wwsf, long scenario)
    {
        AddJson(principal, Impus, impus, JsonClaimValueTypes.JsonArray);
        principal.SetClaim(Wwsf, wwsf);
        principal.SetClaim(Scenario, scenario);
        return Finish(principal);
    }

    static void AddJson(ClaimsPrincipal principal, string type, object value, string kind) =>
        ((ClaimsIdentity)principal.Identity!).AddClaim(new(type, JsonSerializer.Serialize(value), kind));

    static ClaimsPrincipal Finish(ClaimsPrincipal principal) =>
        principal.SetDestinations(claim => claim.Type is User or Stamp ? [] : [Destinations.AccessToken]);

    static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

/// <summary>Reads the claims of <see cref="SipTokens"/>.</summary>
static class SipClaims
{
    /// <summary>Empty when the token names none.</summary>
    public static IReadOnlyList<string> GetImpus(this ClaimsPrincipal principal) => principal.GetClaims(SipTokens.Impus);

    /// <summary>2 or 3; null when nobody authenticated a user.</summary>
    public static long? GetScenario(this ClaimsPrincipal principal) =>
        long.TryParse(principal.GetClaim(SipTokens.Scenario), out var scenario) ? scenario : null;
}
