using System.Buffers.Binary;
using System.Net;
using System.Text;
using Portunus.Bedrock;

namespace Portunus.Tests.Io.Relay;

/// <summary>Headers of the PROXY protocol, as a balancer writes them.</summary>
static class ProxyHeaders
{
    const int ShortAddresses = 12;
    const int LongAddresses = 36;

    static readonly byte[] Signature = [13, 10, 13, 10, 0, 13, 10, .. "QUIT\n"u8];

    public static TransportAddress At(string text) => TransportAddress.From(IPEndPoint.Parse(text));

    public static byte[] Of(int version, TransportAddress client, TransportAddress server) =>
        version == 1 ? Text(client, server) : Binary(client, server);

    /// <summary>The balancer speaks for itself.</summary>
    public static byte[] Own(int version) => version == 1 ? "PROXY UNKNOWN\r\n"u8.ToArray() : [.. Signature, 0x20, 0, 0, 0];

    public static byte[] Text(TransportAddress client, TransportAddress server)
    {
        var kind = client.Family == IPFamily.IPv4 ? "TCP4" : "TCP6";
        return Encoding.ASCII.GetBytes(
            $"PROXY {kind} {client.ToIPAddress()} {server.ToIPAddress()} {client.Port} {server.Port}\r\n");
    }

    /// <param name="client">Of one family with the other.</param>
    /// <param name="server">Where the client went.</param>
    /// <param name="kind">Family and protocol, where it is not TCP of the addresses' family.</param>
    /// <param name="extensions">Bytes of TLVs that follow.</param>
    public static byte[] Binary(TransportAddress client, TransportAddress server, byte? kind = null, int extensions = 0)
    {
        var isShort = client.Family == IPFamily.IPv4;
        var addresses = new byte[isShort ? ShortAddresses : LongAddresses];
        client.WriteAddress(addresses);
        server.WriteAddress(addresses.AsSpan(client.AddressLength));
        BinaryPrimitives.WriteUInt16BigEndian(addresses.AsSpan(2 * client.AddressLength), client.Port);
        BinaryPrimitives.WriteUInt16BigEndian(addresses.AsSpan((2 * client.AddressLength) + 2), server.Port);
        var length = addresses.Length + extensions;
        return
        [
            .. Signature, 0x21, kind ?? (byte)(isShort ? 0x11 : 0x21), (byte)(length >> 8), (byte)length, .. addresses,
            .. new byte[extensions],
        ];
    }
}
