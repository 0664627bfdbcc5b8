using System.Buffers.Binary;
using Portunus.Bedrock;

namespace Portunus.Stun;

/// <summary>A transport address in plain form: MAPPED-ADDRESS, ALTERNATE-SERVER (RFC 8489 §14.1, §14.15).</summary>
public static class MappedAddress
{
    const int AddressAt = 4;

    /// <summary>Reserved byte, family, port and address: 8 bytes for IPv4, 20 for IPv6.</summary>
    public static int LengthOf(in TransportAddress address) => AddressAt + address.AddressLength;

    /// <summary>False when the family is neither IPv4 nor IPv6 or the length is not its own.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out TransportAddress address)
    {
        address = default;
        // The first byte is ignored (RFC 8489 §14.1).
        var family = value.Length switch { 8 => IPFamily.IPv4, 20 => IPFamily.IPv6, _ => IPFamily.None };
        if (family == IPFamily.None || value[1] != (byte)family) return false;
        address = TransportAddress.FromBytes(value[AddressAt..], BinaryPrimitives.ReadUInt16BigEndian(value[2..]));
        return true;
    }

    /// <summary>Writes <see cref="LengthOf"/> bytes.</summary>
    public static void Write(Span<byte> destination, in TransportAddress address)
    {
        destination[0] = 0;
        destination[1] = (byte)address.Family;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], address.Port);
        address.WriteAddress(destination[AddressAt..]);
    }
}
