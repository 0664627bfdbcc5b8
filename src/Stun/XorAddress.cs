using System.Buffers.Binary;
using Portunus.Bedrock;

namespace Portunus.Stun;

/// <summary>A transport address hidden from NATs that rewrite addresses they find in payloads (RFC 8489 §14.2).</summary>
public static class XorAddress
{
    const ushort PortMask = (ushort)(StunMessage.MagicCookie >> 16);

    /// <summary>Reserved byte, family, port and address: 8 bytes for IPv4, 20 for IPv6.</summary>
    public static int LengthOf(in TransportAddress address) => MappedAddress.LengthOf(address);

    /// <summary>False when the family is neither IPv4 nor IPv6 or the length is not its own.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, in TransactionId transactionId, out TransportAddress address)
    {
        if (!MappedAddress.TryRead(value, out address)) return false;
        address = Xor(address, transactionId);
        return true;
    }

    /// <summary>Writes <see cref="LengthOf"/> bytes.</summary>
    public static void Write(Span<byte> destination, in TransportAddress address, in TransactionId transactionId) =>
        MappedAddress.Write(destination, Xor(address, transactionId));

    // XOR in network order is XOR of the numbers.
    static TransportAddress Xor(in TransportAddress address, in TransactionId transactionId) =>
        address.Family == IPFamily.IPv4
            ? TransportAddress.IPv4((uint)address.AddressBits ^ StunMessage.MagicCookie, (ushort)(address.Port ^ PortMask))
            : TransportAddress.IPv6(address.AddressBits ^ transactionId.XorMask, (ushort)(address.Port ^ PortMask));
}
