using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Wic;

/// <summary>
/// What a client keeps between its requests of the long-term mechanism (RFC 8489 §9.2.3.2, §9.2.5) and of third-party
/// authorization (RFC 7635 §5, §8), of which the second is taken where the server offers it (§6.1).
/// </summary>
sealed partial class ClientAuthentication(TurnClientSettings settings)
{
    byte[] _realm = [];
    byte[] _nonce = [];
    byte[] _algorithms = [];
    string _username = "";
    Bytes? _userHash;
    bool _isAnonymous;
    PasswordAlgorithm _algorithm;
    IntegrityKey? _key;

    /// <summary>The newest, and by its holder's clock its end.</summary>
    IssuedToken? _token = settings.Token;
    Instant _tokenEndsAt = Instant.MaxValue;

    /// <summary>By which the server knows the allocation; the newest becomes it with the answer to an Allocate or a
    /// Refresh.</summary>
    IssuedToken? _accepted;

    bool _byToken;

    /// <summary>There is an allocation, which neither a password takes over from a token nor the other way.</summary>
    bool _isSettled;

    /// <summary>Whether a challenge was met, so that requests carry credentials.</summary>
    public bool IsReady => _byToken || _key is not null;

    /// <summary>Whether the client goes by a token whose time is over.</summary>
    public bool HasOutlivedToken(Instant now) => _byToken && _tokenEndsAt <= now;

    /// <summary>Holds a token from now on; the server hears of it with the next Allocate or Refresh.</summary>
    public void Take(Instant now, IssuedToken token) =>
        (_token, _tokenEndsAt) = (token, now + TimeSpan.FromSeconds(token.Lifetime));

    /// <summary>The client begins: the time of what it was given to begin with runs.</summary>
    public void Begin(Instant now)
    {
        if (_token is not null) Take(now, _token);
    }

    /// <summary>The server has taken a request.</summary>
    public void Accept(StunMethod method, Signature? used)
    {
        if (used is null || !MayCarryToken(method)) return;
        (_accepted, _isSettled) = (used.Token, true);
    }

    /// <summary>
    /// Whether the cookie promises algorithms and the response has none: they were taken out on the way (§9.2.1).
    /// </summary>
    public bool IsBidDown(in StunMessage response) =>
        response.ReadNonce(out var nonce) == Reading.Present
        && Features(nonce).HasFlag(SecurityFeatures.PasswordAlgorithms)
        && !response.Has(AttributeType.PasswordAlgorithms);

    /// <summary>
    /// Adds the credentials and the integrity to a request that is otherwise complete; nothing before a challenge.
    /// </summary>
    /// <returns>What it was signed with, and what the response must be signed with.</returns>
    public Signature? Sign(StunMethod method, ref StunWriter writer)
    {
        if (_byToken) return SignByToken(method, ref writer);
        if (_key is null) return null;
        if (_isAnonymous) writer.Add(AttributeType.UserHash, _userHash!.Span);
        else writer.Add(AttributeType.Username, Encoding.UTF8.GetBytes(_username));
        writer.Add(AttributeType.Realm, _realm);
        writer.Add(AttributeType.Nonce, _nonce);
        var signature = new Signature(_key, null);
        if (_algorithms.Length == 0)
        {
            writer.AddIntegrity(Integrity.Sha1, _key);
            return signature;
        }

        writer.Add(AttributeType.PasswordAlgorithms, _algorithms);
        writer.AddPasswordAlgorithm((ushort)_algorithm);
        // §9.2.5, last paragraph: a server that knows algorithms knows the stronger integrity.
        writer.AddIntegrity(Integrity.Sha256, _key);
        return signature;
    }

    /// <summary>RFC 7635 §5: the kid as USERNAME, the raw key for the integrity. No password, so no algorithm for one.</summary>
    Signature SignByToken(StunMethod method, ref StunWriter writer)
    {
        var token = TokenOf(method)!;
        writer.Add(AttributeType.Username, Encoding.UTF8.GetBytes(token.Kid));
        writer.Add(AttributeType.Realm, _realm);
        writer.Add(AttributeType.Nonce, _nonce);
        // §9: "MUST include the ACCESS-TOKEN attribute only in Allocate and Refresh requests".
        if (MayCarryToken(method)) writer.Add(AttributeType.AccessToken, token.AccessToken.Span);
        var key = new IntegrityKey(token.MacKey.Span);
        writer.AddIntegrity(token.MacKey.Length == 20 ? Integrity.Sha1 : Integrity.Sha256, key);
        return new(key, token);
    }

    IssuedToken? TokenOf(StunMethod method) => MayCarryToken(method) ? _token : _accepted ?? _token;

    static bool MayCarryToken(StunMethod method) => method is StunMethod.Allocate or StunMethod.Refresh;

    /// <summary>What the nonce says of the server; a client of RFC 5389 cannot read it.</summary>
    SecurityFeatures Features(ReadOnlySpan<byte> nonce) =>
        !settings.Rfc5389Only && NonceCookie.TryRead(nonce, out var features) ? features : SecurityFeatures.None;

    /// <summary>The key of one request, which the response must be signed with, and the token that it came of.</summary>
    public sealed record Signature(IntegrityKey Key, IssuedToken? Token);
}
