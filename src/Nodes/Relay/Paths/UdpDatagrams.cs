using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Transport;

namespace Portunus.Nodes.Relay;

/// <summary>The portable <see cref="IDatagrams"/>: System.Net.Sockets, called by its owner's thread alone.</summary>
/// <remarks>
/// Nothing here is asynchronous. A socket that was once waited for in that way stays with the runtime's poller, which from
/// then on wakes two threads for every datagram: five times the price of the datagram. System.Net.Sockets throws for what is
/// an everyday event of UDP; here it becomes a value.
/// </remarks>
public sealed class UdpDatagrams : IDatagrams
{
    readonly SocketAddress _from;
    readonly SocketAddress _to;
    bool _expected;
    bool _mayBeEmpty;
    bool _forbidsFragments;

    /// <param name="socket">Bound; it belongs to this object from now on.</param>
    public UdpDatagrams(Socket socket)
    {
        Socket = socket;
        Local = TransportAddress.From((IPEndPoint)socket.LocalEndPoint!);
        _from = SocketAddresses.Of(Local.Family);
        _to = SocketAddresses.Of(Local.Family);
    }

    /// <summary>Whether a datagram's <see cref="Outgoing.DontFragment"/> can be obeyed.</summary>
    public static bool CanForbidFragments => OperatingSystem.IsLinux();

    public TransportAddress Local { get; }

    public bool IsClosed { get; private set; }

    /// <summary>For the owner to ask the system about several at once.</summary>
    internal Socket Socket { get; }

    /// <summary>Opens a socket at <paramref name="local"/>; port 0 lets the system choose.</summary>
    /// <exception cref="SocketException">The address cannot be had, or descriptors are scarce.</exception>
    public static UdpDatagrams Open(in TransportAddress local)
    {
        var socket = UdpSockets.Bind(local);
        if (!Descriptors.AreScarce((int)socket.SafeHandle.DangerousGetHandle())) return new(socket);
        socket.Dispose();
        throw new SocketException((int)SocketError.TooManyOpenSockets);
    }

    /// <summary>The owner has learned from the system that a datagram is there, even if it has no bytes.</summary>
    internal void Expect() => _expected = true;

    public Reception Receive(DatagramBatch into, int most, out SocketError error)
    {
        for (var left = most; left > 0; left--)
            if (Receive(into, out error) is not Reception.Datagram and var reception)
                return reception;
        error = SocketError.Success;
        return Reception.Datagram;
    }

    public int Send(DatagramBatch batch, ReadOnlySpan<Outgoing> datagrams, out SocketError error)
    {
        error = SocketError.Success;
        var sent = 0;
        foreach (ref readonly var datagram in datagrams)
        {
            error = Send(batch.Bytes.Slice(datagram.Offset, datagram.Length), datagram.To, datagram.DontFragment);
            if (error != SocketError.Success) break;
            sent++;
        }

        return sent;
    }

    public void Dispose()
    {
        IsClosed = true;
        Socket.Dispose();
    }

    Reception Receive(DatagramBatch into, out SocketError error)
    {
        error = SocketError.Success;
        if (IsClosed) return Reception.Closed;
        try
        {
            // To ask is cheaper than an exception. An empty datagram is not seen by asking; it must be expected.
            if (!_expected && Socket.Available == 0 && !HasEmptyOne()) return Reception.Nothing;
            _expected = false;
            var length = Socket.ReceiveFrom(into.Next, SocketFlags.None, _from);
            _mayBeEmpty |= length == 0;
            into.Add(length, SocketAddresses.Read(_from, Local.Family));
            return Reception.Datagram;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
            return Reception.Nothing; // Its checksum was wrong, and the system threw it away.
        }
        catch (SocketException e)
        {
            error = e.SocketErrorCode;
            return Reception.Failed;
        }
    }

    SocketError Send(ReadOnlySpan<byte> datagram, in TransportAddress to, bool dontFragment)
    {
        if (IsClosed) return SocketError.OperationAborted;
        try
        {
            if (dontFragment != _forbidsFragments) ForbidFragments(dontFragment);
            SocketAddresses.Write(_to, to);
            Socket.SendTo(datagram, SocketFlags.None, _to);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    // Whoever sends empty datagrams could else end the socket's turn with each of them, and starve those who wait behind. Once
    // one was seen, the dearer question is asked, until nothing waits.
    bool HasEmptyOne() => _mayBeEmpty && (_mayBeEmpty = Socket.Poll(0, SelectMode.SelectRead));

    void ForbidFragments(bool forbid)
    {
        UdpSockets.ForbidFragments(Socket, forbid);
        _forbidsFragments = forbid;
    }
}
