using System.Buffers.Binary;
using System.IO.Hashing;

namespace Portunus.Stun;

/// <summary>The CRC-32 by which a STUN message is told from other protocols (RFC 8489 §14.7).</summary>
static class Fingerprint
{
    public const int Length = 4;

    /// <summary>Attribute header and value.</summary>
    public const int AttributeLength = 8;

    const uint Mask = 0x5354554E;

    /// <param name="message">A message that ends with FINGERPRINT, with its final length in the header.</param>
    public static bool Matches(ReadOnlySpan<byte> message) =>
        BinaryPrimitives.ReadUInt32BigEndian(message[^Length..]) == Compute(message[..^AttributeLength]);

    /// <param name="preceding">All that precedes the attribute, its length in the header already counting it.</param>
    public static uint Compute(ReadOnlySpan<byte> preceding) => Crc32.HashToUInt32(preceding) ^ Mask;
}
