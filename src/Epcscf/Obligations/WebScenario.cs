using System.Globalization;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>
/// Scenario 2, web authentication of an individual identity (TS 24.371 A.3.2; obligations 16b and 17): a token says who the user
/// is; the core is told that a trusted node has authenticated (TS 33.203 Annex U).
/// </summary>
/// <param name="settings">Of the edge.</param>
/// <param name="tokens">Whose tokens count.</param>
class WebScenario(EdgeSettings settings, TokenSettings tokens)
{
    /// <summary>What is wrong with a good token for this identity; null when nothing is.</summary>
    /// <param name="now">The wall clock.</param>
    /// <param name="claims">Of the token.</param>
    /// <param name="identity">The address-of-record that it is shown for.</param>
    public virtual TokenRefusal? Refusal(Instant now, TokenClaims claims, string identity)
    {
        if (claims.Left(now) <= TimeSpan.Zero) return TokenRefusal.Unauthorized;
        if (tokens.Scope is { } scope && !claims.Scopes.Contains(scope, StringComparer.Ordinal)) return TokenRefusal.OtherScope;
        if (WafOf(claims) is not { } waf) return new(403, "This WAF is not trusted");
        if (!claims.Names(identity)) return new(403, "The token is of another identity");
        var server = ServerOf(waf, claims);
        if (server is null && (claims.WebServer is not null || waf.WebServers.Count > 0))
            return new(403, "This WWSF is not allowed");
        return server is { Blocks.Count: > 0 } && !server.Blocks.Any(block => block.Contains(identity))
            ? new(403, "This identity is not of the WWSF's block")
            : null;
    }

    /// <summary>Asks for a token (RFC 8898 §4).</summary>
    public SipMessage Challenge(SipMessage request, string error, string tag)
    {
        var response = SipMessage.Response(request, 401, toTag: tag);
        response.Add(
            HeaderName.WwwAuthenticate, new BearerChallenge(settings.HomeDomain, tokens.Wafs[0].Server, error, tokens.Scope));
        return response;
    }

    /// <summary>
    /// In place of whatever the WIC said of itself: the user of the token, authenticated by this node. A third party's WAF is
    /// named, so that the core can tell which one spoke.
    /// </summary>
    public void Vouch(SipMessage register, TokenClaims claims)
    {
        register.Remove(HeaderName.Authorization);
        var vouched = DigestScenario.Vouched(claims.PrivateIdentity, settings.HomeDomain, "auth-done");
        if (WafOf(claims)?.Entity is { } entity) vouched = vouched.With("authorization-entity", entity);
        register.Add(HeaderName.Authorization, vouched);
    }

    /// <summary>The core binds for no longer than the token counts: without a fresh one the registration ends with it.</summary>
    public static void Limit(SipMessage register, TimeSpan left)
    {
        if (register.Contacts is not [var contact]) return;
        var most = (uint)Math.Clamp(left.TotalSeconds, 1, uint.MaxValue);
        if ((contact.Expires ?? register.Expires ?? uint.MaxValue) <= most) return;
        var text = most.ToString(CultureInfo.InvariantCulture);
        register.Set(HeaderName.Contact, contact.With("expires", text));
        if (register.Has(HeaderName.Expires)) register.Set(HeaderName.Expires, text);
    }

    protected TrustedWaf? WafOf(TokenClaims claims) => tokens.Wafs.FirstOrDefault(waf => waf.Issuer == claims.Issuer);

    protected static TrustedWebServer? ServerOf(TrustedWaf waf, TokenClaims claims) =>
        waf.WebServers.FirstOrDefault(one => one.Name == claims.WebServer);
}
