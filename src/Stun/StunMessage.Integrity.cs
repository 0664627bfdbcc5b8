using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Portunus.Stun;

public readonly ref partial struct StunMessage
{
    /// <summary>The attribute by which the message is judged: the stronger where both are there (RFC 8489 §9.2.4).</summary>
    public Integrity Integrity => _sha256At != 0 ? Integrity.Sha256 : _sha1At != 0 ? Integrity.Sha1 : Integrity.None;

    /// <summary>True when a MESSAGE-INTEGRITY counts, with or without a MESSAGE-INTEGRITY-SHA256 after it.</summary>
    public bool HasSha1Integrity => _sha1At != 0;

    /// <summary>
    /// Checks the attribute named by <see cref="Integrity"/>, in a time that does not depend on where it differs.
    /// <paramref name="shortestSha256"/> is 32 bytes unless the usage allows truncation, down to 16 (RFC 8489 §14.6); TURN
    /// allows none.
    /// </summary>
    public bool Verify(IntegrityKey key, int shortestSha256 = 32) => Integrity switch
    {
        Integrity.Sha256 => Verify(Integrity.Sha256, _sha256At, Math.Max(16, shortestSha256), key),
        Integrity.Sha1 => Verify(Integrity.Sha1, _sha1At, 20, key),
        _ => false,
    };

    bool Verify(Integrity kind, int at, int shortest, IntegrityKey key)
    {
        var full = IntegrityKey.LengthOf(kind);
        var length = BinaryPrimitives.ReadUInt16BigEndian(Bytes[(at + 2)..]);
        if (length > full || length < shortest || length % 4 != 0) return false;
        var valueAt = at + AttributeHeaderLength;
        Span<byte> mac = stackalloc byte[32];
        key.Compute(kind, Bytes[..at], valueAt + length - HeaderLength, mac);
        return CryptographicOperations.FixedTimeEquals(mac[..length], Bytes.Slice(valueAt, length));
    }
}
