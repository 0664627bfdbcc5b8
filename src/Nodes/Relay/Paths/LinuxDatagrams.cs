using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Transport;

namespace Portunus.Nodes.Relay;

/// <summary>The <see cref="IDatagrams"/> of Linux: a call of the kernel for a batch.</summary>
/// <param name="socket">Bound; it belongs to this object from now on.</param>
/// <param name="lender">Whose socket it really is, if another's: kept, since its end would be the socket's, and closed with it.</param>
sealed class LinuxDatagrams(UdpSocket socket, Socket? lender = null) : IDatagrams
{
    public TransportAddress Local => socket.Local;

    public bool IsClosed => socket.IsClosed;

    /// <summary>For the poller.</summary>
    public int Descriptor => socket.Descriptor;

    public Reception Receive(DatagramBatch into, int most, out SocketError error)
    {
        var count = socket.Receive(into, most, out error);
        if (error is SocketError.Success) return count == most ? Reception.Datagram : Reception.Nothing;
        if (IsClosed) return Reception.Closed;
        if (error is not (SocketError.WouldBlock or SocketError.Interrupted)) return Reception.Failed;
        error = SocketError.Success;
        return Reception.Nothing;
    }

    public bool TryTakeIcmp(out TransportAddress peer, out IcmpError error)
    {
        (peer, error) = (default, default);
        if (!socket.TryTakeError(out var said)) return false;
        error = said.Origin switch
        {
            ErrorOrigin.Icmp or ErrorOrigin.Icmpv6 => new(said.Type, said.Code, said.Information),
            // Of its own link this machine speaks as any router would: "fragmentation needed", "packet too big".
            ErrorOrigin.Local when said.Information > 0 =>
                Local.Family == IPFamily.IPv4 ? new(3, 4, said.Information) : new(2, 0, said.Information),
            _ => default,
        };
        if (error != default) peer = said.Destination;
        return true;
    }

    public int Send(DatagramBatch batch, ReadOnlySpan<Outgoing> datagrams, out SocketError error) =>
        socket.Send(batch, datagrams, out error);

    public void Dispose()
    {
        socket.Dispose();
        lender?.Dispose();
    }
}
