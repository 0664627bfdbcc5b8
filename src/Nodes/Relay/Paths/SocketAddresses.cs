using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>Addresses in the system's own layout (sockaddr_in, sockaddr_in6), read and written in place: no objects.</summary>
static class SocketAddresses
{
    // The same offsets on Linux, macOS and Windows; only the family before them differs, and SocketAddress writes that.
    const int Port = 2;
    const int V4Address = 4;
    const int V6Address = 8;
    const int V6Scope = 24;

    public static SocketAddress Of(IPFamily family) =>
        new(family == IPFamily.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);

    public static void Write(SocketAddress destination, in TransportAddress address)
    {
        var bytes = destination.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[Port..], address.Port);
        if (address.Family == IPFamily.IPv4)
        {
            address.WriteAddress(bytes[V4Address..]);
            return;
        }

        address.WriteAddress(bytes[V6Address..]);
        var scope = address.Scope;
        MemoryMarshal.Write(bytes[V6Scope..], in scope); // In the order of the machine.
    }

    public static TransportAddress Read(SocketAddress source, IPFamily family)
    {
        ReadOnlySpan<byte> bytes = source.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[Port..]);
        return family == IPFamily.IPv4
            ? TransportAddress.IPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[V4Address..]), port)
            : TransportAddress.IPv6(
                BinaryPrimitives.ReadUInt128BigEndian(bytes[V6Address..]), port, MemoryMarshal.Read<uint>(bytes[V6Scope..]));
    }
}
