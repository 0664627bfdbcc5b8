using System.Buffers.Binary;

namespace Portunus.Stun;

/// <summary>An ICMP or ICMPv6 error as a TURN server passes it on (RFC 8656 §18.13).</summary>
/// <param name="Type">7 bits on this wire.</param>
/// <param name="Code">9 bits on this wire.</param>
/// <param name="Data">The next hop's MTU in bytes where the type speaks of one, otherwise 0.</param>
public readonly record struct IcmpError(byte Type, ushort Code, uint Data)
{
    internal const int Length = 8;

    // Figure 11 draws 16 reserved bits, then 7 of type and 9 of code.
    internal static IcmpError Read(ReadOnlySpan<byte> value)
    {
        var typeAndCode = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
        return new((byte)(typeAndCode >> 9), (ushort)(typeAndCode & 0x1FF), BinaryPrimitives.ReadUInt32BigEndian(value[4..]));
    }

    internal void Write(Span<byte> value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(value, 0);
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(((Type & 0x7F) << 9) | (Code & 0x1FF)));
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], Data);
    }
}
