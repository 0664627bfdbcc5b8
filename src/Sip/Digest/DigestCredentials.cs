using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Portunus.Sip;

/// <summary>A Digest answer of Authorization or Proxy-Authorization (RFC 7616 §3.4).</summary>
/// <param name="parameters">All auth-params in order, those that are not known here too.</param>
public sealed class DigestCredentials(Parameters parameters) : IHeaderValue
{
    public Parameters Parameters { get; } = parameters;

    public string Username => Parameters["username"] ?? "";

    public string Realm => Parameters["realm"] ?? "";

    public string Nonce => Parameters["nonce"] ?? "";

    public string Uri => Parameters["uri"] ?? "";

    public string Response => Parameters["response"] ?? "";

    public string? Qop => Parameters["qop"]?.ToLowerInvariant();

    public string? ClientNonce => Parameters["cnonce"];

    public string? Opaque => Parameters["opaque"];

    /// <summary>As written, because the response covers it.</summary>
    public string? NonceCountText => Parameters["nc"];

    /// <summary>Null when absent or not eight hex digits.</summary>
    public uint? NonceCount => NonceCountText is { Length: 8 } text
        && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>Null when it is none that is served here.</summary>
    public DigestAlgorithm? Algorithm => DigestAlgorithmExtensions.TryParse(Parameters["algorithm"], out var algorithm) ? algorithm : null;

    /// <summary>An IMS client's first REGISTER names itself with empty nonce and response: it asks to be challenged.</summary>
    public bool IsUnanswered => Nonce.Length == 0 && Response.Length == 0;

    /// <summary>Whether qop=auth comes with all that its response covers: client nonce and count.</summary>
    public bool IsComplete => Qop is null || (Qop == "auth" && ClientNonce is { Length: > 0 } && NonceCount is not null);

    public static bool TryParse(string? text, [NotNullWhen(true)] out DigestCredentials? credentials)
    {
        credentials = null;
        return text is not null && TryParse(Encoding.UTF8.GetBytes(text), out credentials);
    }

    /// <summary>Reads one value; false when it is of another scheme, malformed, or lacks what §3.4 requires.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out DigestCredentials? credentials)
    {
        credentials = AuthScheme.TryReadDigest(text, out var all) && Required.All(all.Has) ? new(all) : null;
        return credentials is not null;
    }

    /// <summary>The first Digest credentials of a request; null when there are none that can be read.</summary>
    /// <param name="request">Its Authorization or Proxy-Authorization lines are looked through.</param>
    /// <param name="name">Null for Authorization.</param>
    /// <param name="realm">Null for any; a proxy takes only those for its own (RFC 3261 §22.3).</param>
    public static DigestCredentials? Of(SipMessage request, HeaderName? name = null, string? realm = null)
    {
        foreach (var header in request.Headers)
        {
            if (header.Name != (name ?? HeaderName.Authorization) || !TryParse(header.Value, out var credentials)) continue;
            if (realm is null || credentials.Realm == realm) return credentials;
        }

        return null;
    }

    /// <summary>The answer to a challenge that is <see cref="DigestChallenge.IsAnswerable"/>.</summary>
    /// <param name="challenge">From a 401 or 407.</param>
    /// <param name="username">As the realm knows the user.</param>
    /// <param name="secret">Of the challenge's algorithm.</param>
    /// <param name="method">Of the request.</param>
    /// <param name="uri">The Request-URI.</param>
    /// <param name="clientNonce">Not to be guessed; new for each nonce.</param>
    /// <param name="nonceCount">1 for the first request with this nonce, one more for each after it.</param>
    /// <exception cref="ArgumentException">The secret is of another algorithm.</exception>
    public static DigestCredentials Answer(
        DigestChallenge challenge, string username, DigestSecret secret,
        string method, string uri, string clientNonce, uint nonceCount)
    {
        if (challenge.Algorithm != secret.Algorithm)
            throw new ArgumentException("The secret is of another algorithm.", nameof(secret));
        var qop = challenge.OffersAuth ? "auth" : null;
        var count = nonceCount.ToString("x8", CultureInfo.InvariantCulture);
        var response = secret.Respond(method, uri, challenge.Nonce, qop, count, clientNonce);
        Parameter[] asked = qop is null ? [] : [new("qop", qop), new("nc", count), new("cnonce", clientNonce, Quoted: true)];
        Parameter[] opaque = challenge.Opaque is { } text ? [new("opaque", text, Quoted: true)] : [];
        return new(
        [
            new("username", username, Quoted: true), new("realm", challenge.Realm, Quoted: true),
            new("nonce", challenge.Nonce, Quoted: true), new("uri", uri, Quoted: true),
            new("response", response, Quoted: true), new("algorithm", secret.Algorithm.Text()),
            .. asked, .. opaque,
        ]);
    }

    /// <summary>
    /// These with a parameter set: what an edge tells the core, such as <c>integrity-protected</c> (TS 24.229 §5.2.2).
    /// </summary>
    public DigestCredentials With(string name, string value, bool quoted = true) => new(Parameters.With(name, value, quoted));

    /// <summary>These without a parameter: what a client may not claim.</summary>
    public DigestCredentials Without(string name) => new(Parameters.Without(name));

    public string ToHeaderText() => AuthScheme.Write(AuthScheme.Digest, Parameters);

    /// <summary>Without the response: who has it can try passwords against it.</summary>
    public override string ToString() => $"Digest username=\"{Username}\", realm=\"{Realm}\"";

    static readonly string[] Required = ["username", "realm", "nonce", "uri", "response"];
}
