using System.Net;
using System.Net.Sockets;

namespace Portunus.Nodes.Web;

/// <summary>
/// One TCP port on both loopback addresses, held from the moment it is bound: nobody can take it before it is served.
/// </summary>
public sealed class LoopbackPort : IDisposable
{
    // Connections that come between binding and serving wait in the kernel.
    const int Backlog = 512;

    // With port 0 the kernel chooses for IPv4; that number can be taken on IPv6, so it is asked again.
    const int Attempts = 16;

    readonly List<Socket> _sockets = [];

    LoopbackPort()
    {
    }

    public int Port { get; private set; }

    /// <summary>False where the machine has no ::1.</summary>
    public bool HasIPv6 => _sockets.Count == 2;

    /// <summary>What is bound: 127.0.0.1 first.</summary>
    public IEnumerable<IPEndPoint> EndPoints => _sockets.Select(socket => (IPEndPoint)socket.LocalEndPoint!);

    /// <summary>Binds a port.</summary>
    /// <param name="flag">The flag that chose it, for the sentence.</param>
    /// <param name="port">0 for a free one.</param>
    /// <exception cref="RefusedException">The port is taken, or may not be bound.</exception>
    public static LoopbackPort Bind(string flag, int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            var bound = new LoopbackPort();
            try
            {
                bound.Port = bound.Listen(IPAddress.Loopback, port);
                if (Socket.OSSupportsIPv6) bound.TryListenIPv6();
                return bound;
            }
            catch (SocketException e)
            {
                bound.Dispose();
                if (port == 0 && e.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < Attempts) continue;
                throw new RefusedException(Sentence(flag, port, e.SocketErrorCode), e);
            }
        }
    }

    /// <summary>The bound socket for an address of <see cref="EndPoints"/>.</summary>
    internal Socket? Find(EndPoint endPoint) => _sockets.Find(socket => socket.LocalEndPoint!.Equals(endPoint));

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
    }

    static string Sentence(string flag, int port, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse =>
            $"TCP port {port} is taken, maybe by a second copy of this program; write another port with {flag}.",
        SocketError.AccessDenied =>
            $"TCP port {port} is reserved for the system's own services; write a port from 1024 on with {flag}.",
        _ => $"TCP port {port} cannot be used ({error}); write another port with {flag}.",
    };

    void TryListenIPv6()
    {
        try
        {
            Listen(IPAddress.IPv6Loopback, Port);
        }
        catch (SocketException e) when (IsMissing(e.SocketErrorCode))
        {
            // A machine without ::1; HasIPv6 tells.
        }
    }

    static bool IsMissing(SocketError error) => error is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;

    int Listen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _sockets.Add(socket);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
