using System.Buffers.Binary;
using System.Net;
using Portunus.Bedrock;

namespace Portunus.Transport;

/// <summary>
/// The binary form (§2.2): twelve bytes of signature, version and command, family and protocol, length; then the addresses and what TLVs
/// there may be, which are passed over.
/// </summary>
static class ProxyHeaderV2
{
    public const int HeaderLength = 16;

    const byte Local = 0x20;
    const byte Proxy = 0x21;
    const byte StreamIPv4 = 0x11;
    const byte StreamIPv6 = 0x21;

    public static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    public static ProxyReading Read(ReadOnlySpan<byte> bytes, out TransportAddress client, out TransportAddress server, out int length)
    {
        (client, server, length) = (default, default, 0);
        var common = Math.Min(bytes.Length, Signature.Length);
        if (!bytes[..common].SequenceEqual(Signature[..common])) return ProxyReading.Malformed;
        if (bytes.Length < HeaderLength) return ProxyReading.Incomplete;
        var (command, kind) = (bytes[12], bytes[13]);
        var rest = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (command is not (Local or Proxy) || HeaderLength + rest > ProxyHeader.MostLength) return ProxyReading.Malformed;

        // With LOCAL the receiver must take the header and ignore what it says. Of PROXY we take TCP alone, which this connection is.
        var addressLength = (command, kind) switch { (Local, _) => 0, (_, StreamIPv4) => 4, (_, StreamIPv6) => 16, _ => -1 };
        if (addressLength < 0 || rest < (addressLength == 0 ? 0 : (2 * addressLength) + 4)) return ProxyReading.Malformed;
        if (bytes.Length < HeaderLength + rest) return ProxyReading.Incomplete;
        length = HeaderLength + rest;
        if (addressLength == 0) return ProxyReading.Balancer;

        var addresses = bytes[HeaderLength..];
        var ports = addresses[(2 * addressLength)..];
        client = At(addresses, BinaryPrimitives.ReadUInt16BigEndian(ports));
        server = At(addresses[addressLength..], BinaryPrimitives.ReadUInt16BigEndian(ports[2..]));
        return ProxyReading.Client;

        TransportAddress At(ReadOnlySpan<byte> address, ushort port) =>
            TransportAddress.From(new IPAddress(address[..addressLength]), port);
    }
}
