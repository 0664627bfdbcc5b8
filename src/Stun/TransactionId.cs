using System.Buffers.Binary;
using Portunus.Bedrock;

namespace Portunus.Stun;

/// <summary>The 96 bits that join a response to its request (RFC 8489 §5).</summary>
public readonly record struct TransactionId
{
    public const int Length = 12;

    readonly uint _high;
    readonly ulong _low;

    TransactionId(uint high, ulong low) => (_high, _low) = (high, low);

    /// <summary>Drawn anew; RFC 8489 §5 wants it unpredictable.</summary>
    public static TransactionId Draw(IRandom random)
    {
        Span<byte> bytes = stackalloc byte[Length];
        random.Fill(bytes);
        return Read(bytes);
    }

    /// <param name="bytes">At least 12 bytes.</param>
    public static TransactionId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[4..]));

    /// <param name="destination">At least 12 bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[4..], _low);
    }

    public override string ToString() => $"{_high:x8}{_low:x16}";

    /// <summary>Magic cookie and transaction id as one number: what an IPv6 address is XORed with (RFC 8489 §14.2).</summary>
    internal UInt128 XorMask => new(((ulong)StunMessage.MagicCookie << 32) | _high, _low);
}
