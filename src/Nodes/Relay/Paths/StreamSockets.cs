using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>TCP sockets that are to listen, as this server wants them, bound: one family each, never waiting.</summary>
static class StreamSockets
{
    /// <exception cref="SocketException">The address cannot be had, or no descriptor is left.</exception>
    public static Socket Bind(in TransportAddress local, bool shared = false)
    {
        var family = local.Family == IPFamily.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Blocking = false;
            // An IPv6 socket that also took IPv4 would stand in the way of the IPv4 one, and report mapped addresses.
            if (local.Family == IPFamily.IPv6) socket.DualMode = false;
            if (shared) UdpSockets.Share(socket);
            socket.Bind(local.ToIPEndPoint());
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
