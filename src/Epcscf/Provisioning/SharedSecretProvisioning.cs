using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>
/// Approach 1: a time-limited credential that any TURN server with the same secret derives again (TR 33.872 clause 6;
/// draft-uberti-behave-turn-rest). Nobody is asked, nothing is kept.
/// </summary>
public sealed class SharedSecretProvisioning : IProvisioning
{
    /// <summary>In seconds. A page refreshes at half of it; a leaked credential is worth an hour at most.</summary>
    const int LongestTtl = 3600;

    /// <summary>In seconds: how far a credential outlives its registration, so that a refresh on the way cuts no call.</summary>
    const int Overhang = 60;

    readonly SharedSecret _secret;
    readonly string _realm;
    readonly TurnUri[] _uris;

    /// <param name="secret">Mints; TURN servers may still take others beside it.</param>
    /// <param name="realm">Of the TURN servers.</param>
    /// <param name="uris">Of the TURN servers.</param>
    /// <exception cref="ArgumentException">No URI, or more URIs than a client would read.</exception>
    public SharedSecretProvisioning(SharedSecret secret, string realm, IReadOnlyList<TurnUri> uris)
    {
        if (uris.Count is 0 or > TurnCredential.MostUris)
            throw new ArgumentException($"Name 1 to {TurnCredential.MostUris} TURN servers.", nameof(uris));
        (_secret, _realm) = (secret, realm);
        // UDP first: a client tries them in order.
        _uris = [.. uris.OrderBy(uri => TransportOf(uri) != "udp")];
    }

    public TurnCredential? Provide(Instant now, TurnCredentialRequest request, string opaque, Instant registrationExpires)
    {
        if (!request.Asks(TurnCredential.Password) || (request.Realm ?? _realm) != _realm) return null;
        var uris = request.Transports.Count == 0 ? _uris : [.. _uris.Where(uri => request.Transports.Contains(TransportOf(uri)))];
        if (uris.Length == 0) return null;
        var ttl = (int)Math.Clamp((registrationExpires - now).TotalSeconds + Overhang, 1, LongestTtl);
        var minted = TimeLimitedCredential.Mint(_secret, now.UnixSeconds + ttl, opaque);
        return new PasswordCredential(uris, minted.Username, minted.Password, _realm, ttl);
    }

    /// <summary>As a request names it: udp, tcp, tls, dtls. Without one it is UDP, and TCP for turns (RFC 5928 §3).</summary>
    static string TransportOf(TurnUri uri) => (uri.Secure, uri.Transport) switch
    {
        (false, var plain) => plain ?? "udp",
        (true, "udp") => "dtls",
        (true, _) => "tls",
    };
}
