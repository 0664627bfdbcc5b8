using System.Net.Sockets;
using Portunus.Bedrock;
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

    public int Send(DatagramBatch batch, ReadOnlySpan<Outgoing> datagrams, out SocketError error) =>
        socket.Send(batch, datagrams, out error);

    public void Dispose()
    {
        socket.Dispose();
        lender?.Dispose();
    }
}
