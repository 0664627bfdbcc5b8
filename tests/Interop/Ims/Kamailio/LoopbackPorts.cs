using System.Net;
using System.Net.Sockets;

namespace Portunus.Tests.Interop.Ims.Kamailio;

/// <summary>Ports for a program that cannot say which ones the system gave.</summary>
static class LoopbackPorts
{
    // Below those that Linux gives to whoever asks for any (from 32768 on): between our look and the program's start nobody is
    // given them.
    const int First = 20_000, End = 32_768;

    /// <summary>Ports of 127.0.0.1 that a moment ago were free for TCP and UDP, all different.</summary>
    public static int[] Free(int count)
    {
        var ports = new HashSet<int>();
        while (ports.Count < count)
        {
            var port = Random.Shared.Next(First, End);
            if (!IsFree(SocketType.Stream, ProtocolType.Tcp, port)) continue;
            if (IsFree(SocketType.Dgram, ProtocolType.Udp, port)) ports.Add(port);
        }

        return [.. ports];
    }

    static bool IsFree(SocketType type, ProtocolType protocol, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
