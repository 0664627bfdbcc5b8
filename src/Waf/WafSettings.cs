using System.Security.Cryptography.X509Certificates;
using Portunus.Credentials;
using Portunus.Waf.Authorize;

namespace Portunus.Waf;

/// <summary>What a WAF is and whom it serves; immutable, checked by <see cref="Check"/> at start.</summary>
public sealed record WafSettings
{
    /// <summary>
    /// Its name in every token, and where it is reached: <c>https://waf.example.com/</c>. Plain http for loopback only.
    /// </summary>
    public required Uri Issuer { get; init; }

    /// <summary>
    /// Who is to accept the access tokens: the realm of the eP-CSCF. An eP-CSCF that introspects has this as its client id.
    /// </summary>
    public required string Audience { get; init; }

    public required IReadOnlyList<WafClient> Clients { get; init; }

    /// <summary>Of a SIP access token; an hour at most, since the edge may verify it without asking.</summary>
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How long a browser stays signed in.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Rounds of PBKDF2 with HMAC-SHA-512 in a password's hash; OWASP's figure of 2023.</summary>
    public const int DefaultPasswordRounds = 210_000;

    /// <summary>As <see cref="DefaultPasswordRounds"/>; for tests to set.</summary>
    public int PasswordRounds { get; init; } = DefaultPasswordRounds;

    /// <summary>How many passwords are checked at a time; null for as many as there are cores. For tests to set.</summary>
    public PasswordChecks? PasswordChecks { get; init; }

    /// <summary>Wrong passwords that a user, and that an address, may send before it has to wait.</summary>
    public int FreeFailures { get; init; } = 5;

    /// <summary>Who signs the certificates of clients that authenticate by mutual TLS (RFC 8705 §2.1).</summary>
    public IReadOnlyList<X509Certificate2> ClientAuthorities { get; init; } = [];

    /// <summary>
    /// Names of TURN servers that may fetch a key: <c>*.turn.ims.example.net</c>, the star standing for one label, or a whole
    /// name.
    /// </summary>
    public IReadOnlyList<string> TurnServers { get; init; } = [];

    /// <summary>Keys by hand, by the name of their TURN server; they are not rotated.</summary>
    public IReadOnlyDictionary<string, TokenKey> TurnKeys { get; init; } = new Dictionary<string, TokenKey>();

    /// <summary>Of a TURN token, when the access token that asked for it lives that long.</summary>
    public TimeSpan TurnTokenLifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long one key seals TURN tokens.</summary>
    public TimeSpan TurnKeyLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether a TURN server of this name may have tokens of this WAF.</summary>
    public bool MakesTokensFor(string server) => TurnKeys.ContainsKey(server) || MayFetch(server);

    /// <summary>Whether a TURN server of this name may fetch a key.</summary>
    public bool MayFetch(string server) => server.Length <= 253 && TurnServers.Any(pattern => Matches(pattern, server));

    /// <exception cref="ArgumentException">A setting cannot be; the message says what to write instead.</exception>
    public void Check()
    {
        if (!Issuer.IsAbsoluteUri || Issuer.Query.Length > 0 || Issuer.Fragment.Length > 0 || Issuer.AbsolutePath != "/")
            throw new ArgumentException("An issuer is written https://waf.example.com, without path and query.");
        if (Issuer.Scheme != Uri.UriSchemeHttps && !(Issuer.Scheme == Uri.UriSchemeHttp && Issuer.IsLoopback))
            throw new ArgumentException($"The issuer {Issuer} needs https; http is for localhost alone.");
        if (Audience.Length == 0) throw new ArgumentException("An audience is the realm of the eP-CSCF, like ims.example.net.");
        if (AccessTokenLifetime <= TimeSpan.Zero || AccessTokenLifetime > TimeSpan.FromHours(1))
            throw new ArgumentException("An access token lives an hour at most; write 60 or fewer minutes.");
        if (TurnTokenLifetime < TimeSpan.FromMinutes(1) || TurnTokenLifetime > TimeSpan.FromHours(1))
            throw new ArgumentException("A TURN token lives 1 to 60 minutes.");
        if (TurnKeyLifetime < TimeSpan.FromHours(1)) throw new ArgumentException("A TURN key lives an hour at least.");
        if (Clients.Select(client => client.Id).Distinct().Count() != Clients.Count)
            throw new ArgumentException("Two clients of the WAF have one id; give each its own.");
        foreach (var client in Clients) client.Check();
    }

    static bool Matches(string pattern, string name)
    {
        if (!pattern.StartsWith("*.", StringComparison.Ordinal)) return name.Equals(pattern, StringComparison.OrdinalIgnoreCase);
        // The star is one label, as in a certificate (RFC 6125 §6.4.3).
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && name.AsSpan(dot).Equals(pattern.AsSpan(1), StringComparison.OrdinalIgnoreCase);
    }
}
