using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Transport;

namespace Portunus.Nodes.Relay;

/// <summary>What the last attempt to receive brought.</summary>
public enum Reception : byte
{
    /// <summary>As many datagrams as were asked for: more may wait.</summary>
    Datagram,

    /// <summary>All that waited, maybe none.</summary>
    Nothing,

    /// <summary>The system reported an error; the socket may work again later.</summary>
    Failed,

    /// <summary>The socket was closed.</summary>
    Closed,
}

/// <summary>One bound UDP socket of one thread: whole datagrams in and out, never a wait, never an exception.</summary>
public interface IDatagrams : IDisposable
{
    /// <summary>The address and the port that the system gave.</summary>
    TransportAddress Local { get; }

    bool IsClosed { get; }

    /// <summary>Takes what waits into the free slots. What came before an error is there, too.</summary>
    /// <param name="into">Gets the datagrams, possibly some of no bytes.</param>
    /// <param name="most">How many at most; from 1 to what is free there.</param>
    /// <param name="error">Why it failed.</param>
    Reception Receive(DatagramBatch into, int most, out SocketError error);

    /// <summary>Takes the next of what ICMP said of datagrams that were sent; false when there is none, or the path cannot tell.</summary>
    /// <param name="peer">To whom the datagram went; no address at all where only the fact is known.</param>
    /// <param name="error">Of ICMP or ICMPv6, as the address says.</param>
    bool TryTakeIcmp(out TransportAddress peer, out IcmpError error)
    {
        (peer, error) = (default, default);
        return false;
    }

    /// <summary>Hands datagrams to the system, in their order, until it refuses one, which is lost.</summary>
    /// <param name="batch">In which their bytes lie.</param>
    /// <param name="datagrams">To addresses of the family of this socket.</param>
    /// <param name="error">Why the one after those that were taken is lost; <see cref="SocketError.Success"/> when none is.</param>
    /// <returns>How many it took.</returns>
    int Send(DatagramBatch batch, ReadOnlySpan<Outgoing> datagrams, out SocketError error);
}
