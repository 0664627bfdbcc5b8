using System.Net;
using System.Net.Sockets;

namespace Portunus.Tests.Interop.Ims.Kamailio;

/// <summary>Ports for a program that cannot say which ones the system gave.</summary>
static class LoopbackPorts
{
    /// <summary>Ports of 127.0.0.1 that a moment ago were free for TCP and UDP, all different.</summary>
    public static int[] Free(int count)
    {
        var held = new List<Socket>();
        try
        {
            var ports = new List<int>();
            while (ports.Count < count)
            {
                var tcp = Bind(SocketType.Stream, ProtocolType.Tcp, 0);
                held.Add(tcp);
                var port = ((IPEndPoint)tcp.LocalEndPoint!).Port;
                try
                {
                    held.Add(Bind(SocketType.Dgram, ProtocolType.Udp, port));
                    ports.Add(port);
                }
                catch (SocketException)
                {
                    // Free for TCP only.
                }
            }

            return [.. ports];
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    static Socket Bind(SocketType type, ProtocolType protocol, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
