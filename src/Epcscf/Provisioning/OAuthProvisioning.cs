using System.Buffers.Binary;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>
/// The edge as authorization server of RFC 7635 (TR 33.872 clause 6, combined solution): a self-contained token for a client that
/// asks for <c>oauth</c>. Nobody is asked, nothing is kept, and the keys stay with the operator.
/// </summary>
/// <remarks>
/// A token is for one TURN server, whose name is the associated data of its seal. Its nonce is the 8 bytes of the registration's
/// opaque id and a counter of 4: so quota and revocation find the registration, and no nonce is used twice under one key.
/// </remarks>
public sealed class OAuthProvisioning : IProvisioning, IDisposable
{
    readonly TurnSites _sites;
    readonly Dictionary<string, TokenSeal> _seals;
    readonly IRandom _random;
    uint _counter;

    /// <param name="sites">The TURN servers; the name of each is the one that it tells in THIRD-PARTY-AUTHORIZATION.</param>
    /// <param name="keys">By that name: the key that seals now. The server may still open with others.</param>
    /// <param name="random">Draws the keys of the tokens.</param>
    /// <exception cref="ArgumentException">A server without a key.</exception>
    public OAuthProvisioning(TurnSites sites, IReadOnlyDictionary<string, TokenKey> keys, IRandom random)
    {
        (_sites, _random) = (sites, random);
        foreach (var name in sites.Names)
            if (!keys.ContainsKey(name)) throw new ArgumentException($"The TURN server {name} has no token key.", nameof(keys));
        _seals = sites.Names.ToDictionary(name => name, name => new TokenSeal(keys[name], name), StringComparer.Ordinal);
    }

    public Provision Provide(Instant now, CredentialWish wish)
    {
        if (!wish.Request.Asks(TurnCredential.OAuth)) return Provision.Nothing;
        if (KeyLength(wish.Request.Algorithm) is not { } length) return Provision.Nothing;
        var site = _sites.For(wish).FirstOrDefault(one => (wish.Request.ServerName ?? one.Name) == one.Name);
        if (site is null) return Provision.Nothing;

        Span<byte> nonce = stackalloc byte[TokenSeal.NonceLength];
        if (!OpaqueId.TryWrite(wish.Opaque, nonce)) throw new ArgumentException("Not an opaque id of an edge.", nameof(wish));
        BinaryPrimitives.WriteUInt32BigEndian(nonce[TokenSeal.IdLength..], ++_counter);
        Span<byte> macKey = stackalloc byte[length];
        _random.Fill(macKey);
        TokenMacKey.Make(macKey);
        var (seal, ttl) = (_seals[site.Name], wish.Ttl(now));
        var token = seal.Seal(nonce, macKey, now, (uint)ttl);
        return new Provision.Given(
            new OAuthCredential(TurnSites.UrisOf([site]), seal.Kid, Bytes.Copy(macKey), token, site.Name, ttl));
    }

    /// <summary>No TURN server keeps anything: the token ends with its lifetime.</summary>
    public IReadOnlyList<EdgeEffect.Withdraw> Withdraw(string opaque) => [];

    public void Dispose()
    {
        foreach (var seal in _seals.Values) seal.Dispose();
    }

    /// <summary>
    /// 20 bytes for MESSAGE-INTEGRITY (RFC 7635 §4.1), 32 for MESSAGE-INTEGRITY-SHA256; null for what nobody verifies.
    /// </summary>
    static int? KeyLength(string? algorithm) => algorithm?.ToUpperInvariant() switch
    {
        null or "HMAC-SHA-1" => TokenMacKey.Sha1Length,
        "HMAC-SHA-256" => TokenMacKey.Sha256Length,
        _ => null,
    };
}
