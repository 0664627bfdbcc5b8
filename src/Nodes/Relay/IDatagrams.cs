using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>What an attempt to receive brought.</summary>
public enum Reception : byte
{
    /// <summary>One datagram, possibly of no bytes.</summary>
    Datagram,

    /// <summary>None waits.</summary>
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

    /// <summary>The owner has learned from the system that a datagram is there, even if it has no bytes.</summary>
    void Expect();

    /// <summary>Takes one datagram.</summary>
    /// <param name="destination">At least 65,535 bytes; a datagram that is longer than it would be cut.</param>
    /// <param name="length">In bytes.</param>
    /// <param name="from">Who sent it.</param>
    /// <param name="error">Why it failed.</param>
    Reception Receive(Span<byte> destination, out int length, out TransportAddress from, out SocketError error);

    /// <summary>Hands one datagram to the system; anything but <see cref="SocketError.Success"/> means that it is lost.</summary>
    /// <param name="datagram">All its bytes.</param>
    /// <param name="to">Of the family of this socket.</param>
    /// <param name="dontFragment">Whether it must not be fragmented on its way, where the system can see to that.</param>
    SocketError Send(ReadOnlySpan<byte> datagram, in TransportAddress to, bool dontFragment = false);
}
