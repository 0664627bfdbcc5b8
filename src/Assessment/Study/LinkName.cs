namespace Portunus.Assessment.Study;

/// <summary>The links between the entities, by the names that stand in the report and on the command line.</summary>
public static class LinkName
{
    /// <summary>WIC to WWSF: HTTPS.</summary>
    public const string W1 = "W1";

    /// <summary>WIC to eP-CSCF: SIP over WebSocket over TLS.</summary>
    public const string W2 = "W2";

    /// <summary>WIC to WAF: HTTPS.</summary>
    public const string Waf = "WAF";

    /// <summary>WIC to TURN server: STUN and TURN over UDP.</summary>
    public const string Stun = "STUN";

    /// <summary>eP-CSCF to core: SIP over UDP; in the other direction <see cref="MwBack"/>.</summary>
    public const string Mw = "Mw";

    /// <summary>Core to eP-CSCF: requests to registered users.</summary>
    public const string MwBack = "Mw back";

    /// <summary>eP-CSCF to TURN server: HTTPS with certificates on both sides.</summary>
    public const string Credentials = "credentials";

    /// <summary>TURN server to eP-CSCF: the question of pull, over HTTPS with certificates on both sides.</summary>
    public const string Fetch = "credential fetch";

    /// <summary>eP-CSCF to media gateway node: the control connection.</summary>
    public const string Control = "control";

    /// <summary>eP-CSCF to WAF: keys of tokens (JWKS), introspection.</summary>
    public const string TokenKeys = "token keys";

    /// <summary>TURN server to WAF: keys of TURN tokens (RFC 7635 §4.1.1).</summary>
    public const string TurnKeys = "TURN keys";

    /// <summary>WAF to TURN server: the end of tokens that were revoked, where the feed is on.</summary>
    public const string WafFeed = "WAF's feed";

    /// <summary>WWSF to WAF: tokens for lent identities.</summary>
    public const string Site = "site";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [W1, W2, Waf, Stun, Mw, MwBack, Credentials, Fetch, Control, TokenKeys, TurnKeys, WafFeed, Site];
}
