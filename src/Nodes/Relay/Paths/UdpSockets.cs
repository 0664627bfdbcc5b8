using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>UDP sockets as this server wants them, bound: one family each, never waiting, fragments allowed.</summary>
static class UdpSockets
{
    // Linux on every architecture that .NET runs on (asm-generic/socket.h, linux/in.h, linux/in6.h).
    const int SolSocket = 1;
    const int SoReusePort = 15;
    const int IpProtoIp = 0;
    const int IpMtuDiscover = 10;
    const int IpProtoIpv6 = 41;
    const int Ipv6MtuDiscover = 23;
    const int PmtuDiscDont = 0;
    const int PmtuDiscProbe = 3;

    // 10 ms of a full gigabit in small datagrams; the system grants what its own limit allows.
    public const int ReceiveBuffer = 4 << 20;

    /// <summary>Whether several sockets can share one address so that the system spreads the clients over them.</summary>
    public static bool CanShare => OperatingSystem.IsLinux();

    /// <exception cref="SocketException">The address cannot be had, or no descriptor is left.</exception>
    public static Socket Bind(in TransportAddress local, bool shared = false)
    {
        var socket = Create(local.Family);
        try
        {
            socket.Blocking = false;
            socket.ReceiveBufferSize = ReceiveBuffer;
            // An IPv6 socket that also took IPv4 would stand in the way of the IPv4 one, and report mapped addresses.
            if (local.Family == IPFamily.IPv6) socket.DualMode = false;
            ForbidFragments(socket, false);
            if (shared) Share(socket);
            socket.Bind(local.ToIPEndPoint());
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Lets others bind the same address, when they ask for it, too: SO_REUSEPORT.</summary>
    public static void Share(Socket socket) => SetOption(socket, SolSocket, SoReusePort, 1);

    /// <summary>
    /// Whether the DF bit goes out (RFC 8656 §14). With it, the system's own knowledge of path MTUs is not asked: it is the
    /// client who probes, and a forged ICMP message teaches the system nothing.
    /// </summary>
    public static void ForbidFragments(Socket socket, bool forbid)
    {
        if (!OperatingSystem.IsLinux()) return;
        var (level, name) = socket.AddressFamily == AddressFamily.InterNetwork
            ? (IpProtoIp, IpMtuDiscover)
            : (IpProtoIpv6, Ipv6MtuDiscover);
        SetOption(socket, level, name, forbid ? PmtuDiscProbe : PmtuDiscDont);
    }

    static Socket Create(IPFamily family)
    {
        try
        {
            var number = family == IPFamily.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
            return new Socket(number, SocketType.Dgram, ProtocolType.Udp);
        }
        catch (TypeInitializationException)
        {
            // The runtime's poller is made with the first socket, and this is how it says that there is no descriptor for it.
            throw new SocketException((int)SocketError.TooManyOpenSockets);
        }
    }

    static void SetOption(Socket socket, int level, int name, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(bytes, in value);
        socket.SetRawSocketOption(level, name, bytes);
    }
}
