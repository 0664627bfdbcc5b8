using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Portunus.Stun;

/// <summary>
/// A key made ready for MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256: the two padded blocks of HMAC (RFC 2104 §2), the
/// same for both, since SHA-1 and SHA-256 share a block of 64 bytes. Immutable; shows nothing of the key.
/// </summary>
public sealed class IntegrityKey
{
    const int BlockLength = 64;

    readonly byte[] _inner = new byte[BlockLength];
    readonly byte[] _outer = new byte[BlockLength];

    /// <param name="key">1 to 64 bytes: 16 or 32 for a long-term key (RFC 8489 §18.5.1), 20 or 32 for RFC 7635.</param>
    /// <exception cref="ArgumentException">Any other length.</exception>
    public IntegrityKey(ReadOnlySpan<byte> key)
    {
        if (key.Length is 0 or > BlockLength) throw new ArgumentException("An integrity key has 1 to 64 bytes.", nameof(key));
        key.CopyTo(_inner);
        key.CopyTo(_outer);
        foreach (ref var b in _inner.AsSpan()) b ^= 0x36;
        foreach (ref var b in _outer.AsSpan()) b ^= 0x5C;
    }

    public override string ToString() => nameof(IntegrityKey);

    /// <summary>Bytes of the full HMAC: 20 or 32.</summary>
    internal static int LengthOf(Integrity kind) => kind == Integrity.Sha256 ? 32 : 20;

    /// <summary>
    /// Writes the 20 or 32 bytes of the HMAC over what precedes an integrity attribute; in place of the length in the header
    /// it covers <paramref name="adjustedLength"/>, up to the attribute's end (RFC 8489 §14.5, §14.6).
    /// </summary>
    internal void Compute(Integrity kind, ReadOnlySpan<byte> preceding, int adjustedLength, Span<byte> mac)
    {
        Span<byte> header = stackalloc byte[4];
        preceding[..4].CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)adjustedLength);
        var hash = kind == Integrity.Sha256
            ? t_sha256 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256)
            : t_sha1 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(_inner);
        hash.AppendData(header);
        hash.AppendData(preceding[4..]);
        hash.GetHashAndReset(mac);
        hash.AppendData(_outer);
        hash.AppendData(mac[..LengthOf(kind)]);
        hash.GetHashAndReset(mac);
    }

    // Hold no state between calls; one a thread, because a hash is not for two at once.
    [ThreadStatic] static IncrementalHash? t_sha1;
    [ThreadStatic] static IncrementalHash? t_sha256;
}
