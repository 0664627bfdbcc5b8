using System.Security.Cryptography;
using Portunus.Bedrock;

namespace Portunus.Credentials;

/// <summary>
/// The keys under which nonces are made and known again: the current one and the one before it. An immutable snapshot; a
/// rotation makes another. Never shown.
/// </summary>
public sealed class NonceKeys
{
    const int KeyLength = 32;

    readonly byte[] _current;
    readonly byte[]? _previous;

    NonceKeys(byte[] current, byte[]? previous) => (_current, _previous) = (current, previous);

    public static NonceKeys Draw(IRandom random) => new(DrawKey(random), null);

    /// <summary>
    /// A new current key; what was current stays known for one more turn. Turned no more often than a nonce lives, no nonce is
    /// lost before its time.
    /// </summary>
    public NonceKeys Rotate(IRandom random) => new(DrawKey(random), _current);

    public override string ToString() => nameof(NonceKeys);

    /// <summary>The current key for a realm, and the one before; a nonce of one realm is none in another.</summary>
    internal (SipHash Current, SipHash? Previous) For(ReadOnlySpan<byte> realm) =>
        (Derive(_current, realm), _previous is null ? null : Derive(_previous, realm));

    /// <summary>Keys for tickets (RFC 8016), derived by HKDF (RFC 5869) so that they say nothing of the keys of nonces.</summary>
    internal (byte[] Current, byte[]? Previous) ForTickets(ReadOnlySpan<byte> realm, int length) =>
        (DeriveForTickets(_current, realm, length), _previous is null ? null : DeriveForTickets(_previous, realm, length));

    static byte[] DeriveForTickets(byte[] key, ReadOnlySpan<byte> realm, int length)
    {
        var derived = new byte[length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt: realm, info: "mobility ticket"u8);
        return derived;
    }

    static SipHash Derive(byte[] key, ReadOnlySpan<byte> realm)
    {
        Span<byte> derived = stackalloc byte[32];
        HMACSHA256.HashData(key, realm, derived);
        return new SipHash(derived[..SipHash.KeyLength]);
    }

    static byte[] DrawKey(IRandom random)
    {
        var key = new byte[KeyLength];
        random.Fill(key);
        return key;
    }
}
