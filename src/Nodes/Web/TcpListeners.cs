using System.Net;
using System.Net.Sockets;

namespace Portunus.Nodes.Web;

/// <summary>TCP addresses, held from the moment they are bound: nobody can take them before they are served.</summary>
public sealed class TcpListeners : IDisposable
{
    // Connections that come between binding and serving wait in the kernel.
    const int Backlog = 512;

    readonly List<Socket> _sockets = [];

    TcpListeners()
    {
    }

    /// <summary>In their order, with the real ports.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; private set; } = [];

    /// <param name="addresses">Port 0 takes a free one.</param>
    /// <param name="name">What the operator calls them, for the sentence.</param>
    /// <exception cref="RefusedException">An address cannot be had.</exception>
    public static TcpListeners Bind(IEnumerable<IPEndPoint> addresses, string name)
    {
        var bound = new TcpListeners();
        try
        {
            foreach (var address in addresses) bound.Listen(address, name);
        }
        catch
        {
            bound.Dispose();
            throw;
        }

        bound.EndPoints = [.. bound._sockets.Select(socket => (IPEndPoint)socket.LocalEndPoint!)];
        return bound;
    }

    /// <summary>The bound socket of an address of <see cref="EndPoints"/>.</summary>
    internal Socket? Find(EndPoint endPoint) => _sockets.Find(socket => socket.LocalEndPoint!.Equals(endPoint));

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
    }

    void Listen(IPEndPoint address, string name)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.Bind(address);
            socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            throw new RefusedException(e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    $"{name}: TCP port {address.Port} at {address.Address} is taken, maybe by a second copy of this; write another.",
                SocketError.AccessDenied =>
                    $"{name}: TCP port {address.Port} is for privileged users; write one from 1024 on, or grant CAP_NET_BIND_SERVICE.",
                SocketError.AddressNotAvailable =>
                    $"{name}: {address.Address} is not an address of this machine; write one that it has.",
                _ => $"{name}: {address} cannot be used: {e.Message}.",
            }, e);
        }
    }
}
