using System.Net;
using System.Net.Sockets;
using Portunus.Nodes;

namespace Portunus.Assessment.Security;

/// <summary>Another address of the loopback network than that of all servers: Linux has the whole of 127.0.0.0/8.</summary>
static class SecondAddress
{
    static readonly IPAddress Address = IPAddress.Parse("127.0.0.2");

    /// <summary>Null where this machine has it not.</summary>
    public static IPAddress? Find()
    {
        try
        {
            using var socket = Bind();
            return Address;
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    /// <summary>A UDP socket there.</summary>
    /// <exception cref="RefusedException">This machine has it not.</exception>
    public static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(Address, 0));
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new RefusedException($"This machine has no address {Address}, where peers and thieves are.", e);
        }
    }
}
