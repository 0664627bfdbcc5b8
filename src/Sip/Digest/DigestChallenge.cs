using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Portunus.Sip;

/// <summary>A Digest challenge of WWW-Authenticate or Proxy-Authenticate (RFC 7616 §3.3, RFC 8760).</summary>
/// <param name="parameters">All auth-params, those that are not known here too.</param>
public sealed class DigestChallenge(Parameters parameters) : IHeaderValue
{
    public DigestChallenge(string realm, string nonce, DigestAlgorithm algorithm = DigestAlgorithm.Md5, bool stale = false)
        : this(
        [
            new("realm", realm, Quoted: true), new("nonce", nonce, Quoted: true),
            new("algorithm", algorithm.Text()), new("qop", "auth", Quoted: true),
            .. stale ? [new("stale", "true")] : Array.Empty<Parameter>(),
        ])
    {
    }

    public Parameters Parameters { get; } = parameters;

    public string Realm => Parameters["realm"] ?? "";

    public string Nonce => Parameters["nonce"] ?? "";

    public string? Opaque => Parameters["opaque"];

    /// <summary>The nonce was too old, the password is not known to be wrong: ask nobody, answer again.</summary>
    public bool IsStale => "true".Equals(Parameters["stale"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Null when it is none that is served here: such a challenge is passed over (RFC 8760 §2.4).</summary>
    public DigestAlgorithm? Algorithm => DigestAlgorithmExtensions.TryParse(Parameters["algorithm"], out var algorithm) ? algorithm : null;

    /// <summary>Whether the answer may use <c>qop=auth</c>; without any qop the answer is that of RFC 2069.</summary>
    public bool OffersAuth => Parameters["qop"] is { } qop
        && qop.Split(',', StringSplitOptions.TrimEntries).Contains("auth", StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it can be answered here: a known algorithm, and qop absent or with auth.</summary>
    public bool IsAnswerable => Algorithm is not null && (OffersAuth || !Parameters.Has("qop"));

    public static bool TryParse(string? text, [NotNullWhen(true)] out DigestChallenge? challenge)
    {
        challenge = null;
        return text is not null && TryParse(Encoding.UTF8.GetBytes(text), out challenge);
    }

    /// <summary>Reads one challenge; false when it is of another scheme, malformed, or without realm or nonce.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out DigestChallenge? challenge)
    {
        var read = AuthScheme.TryReadDigest(text, out var all) && all["realm"] is not null && all["nonce"] is not null;
        challenge = read ? new(all) : null;
        return challenge is not null;
    }

    /// <summary>The topmost challenge of a 401 or 407 that can be answered here (RFC 8760 §2.4); null when none can.</summary>
    public static DigestChallenge? Choose(SipMessage response, HeaderName? name = null)
    {
        name ??= response.Status == 407 ? HeaderName.ProxyAuthenticate : HeaderName.WwwAuthenticate;
        foreach (var header in response.Headers)
            if (header.Name == name && TryParse(header.Value, out var challenge) && challenge.IsAnswerable) return challenge;
        return null;
    }

    public string ToHeaderText() => AuthScheme.Write(AuthScheme.Digest, Parameters);

    public override string ToString() => ToHeaderText();
}
