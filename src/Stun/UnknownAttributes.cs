using System.Buffers.Binary;

namespace Portunus.Stun;

/// <summary>The attribute types that a server did not understand (RFC 8489 §14.13), read in place.</summary>
public readonly ref struct UnknownAttributes
{
    readonly ReadOnlySpan<byte> _value;

    internal UnknownAttributes(ReadOnlySpan<byte> value) => _value = value;

    public int Count => _value.Length / 2;

    /// <exception cref="ArgumentOutOfRangeException">Outside [0, <see cref="Count"/>).</exception>
    public AttributeType this[int index] => (AttributeType)BinaryPrimitives.ReadUInt16BigEndian(_value.Slice(2 * index, 2));
}
