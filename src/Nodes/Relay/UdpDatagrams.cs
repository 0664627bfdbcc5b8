using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>The portable <see cref="IDatagrams"/>: System.Net.Sockets, one system call a datagram.</summary>
/// <remarks>
/// Datagrams are taken and sent by the owner's thread alone. The runtime's poller only tells that one has come: it peeks at
/// one byte, so that a socket that waits holds no buffer. System.Net.Sockets throws for what is an everyday event of UDP;
/// here it becomes a value.
/// </remarks>
public sealed class UdpDatagrams : IDatagrams
{
    // Written by every waiting socket, read by none.
    static readonly byte[] Probe = GC.AllocateArray<byte>(1, pinned: true);

    readonly Socket _socket;
    readonly SocketAddress _from;
    readonly SocketAddress _to;
    readonly Action _onArrival;
    readonly Action _arrived;
    ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _wait;
    bool _waiting;
    bool _forbidsFragments;
    volatile bool _told;
    volatile bool _closed;

    /// <param name="socket">Bound; it belongs to this object from now on.</param>
    /// <param name="arrived">Called once, on any thread, after <see cref="Reception.Nothing"/>; must not block.</param>
    public UdpDatagrams(Socket socket, Action arrived)
    {
        _socket = socket;
        _arrived = arrived;
        _onArrival = OnArrival;
        Local = TransportAddress.From((IPEndPoint)socket.LocalEndPoint!);
        _from = SocketAddresses.Of(Local.Family);
        _to = SocketAddresses.Of(Local.Family);
    }

    /// <summary>Whether <see cref="Send"/> can obey its last parameter.</summary>
    public static bool CanForbidFragments => OperatingSystem.IsLinux();

    public TransportAddress Local { get; }

    /// <summary>Opens a socket at <paramref name="local"/>; port 0 lets the system choose.</summary>
    /// <exception cref="SocketException">The address cannot be had, or descriptors are scarce.</exception>
    public static UdpDatagrams Open(in TransportAddress local, Action arrived)
    {
        var socket = UdpSockets.Bind(local);
        if (!Descriptors.AreScarce(socket)) return new(socket, arrived);
        socket.Dispose();
        throw new SocketException((int)SocketError.TooManyOpenSockets);
    }

    public Reception Receive(Span<byte> destination, out int length, out TransportAddress from, out SocketError error)
    {
        (length, from, error) = (0, default, SocketError.Success);
        if (_waiting && !_told && !_closed) return Reception.Nothing;
        while (!_closed)
            try
            {
                // Asking what is available costs less than beginning a wait; it is 0 for an empty datagram, which the wait sees.
                if (!TryEndWait() && _socket.Available == 0 && !TryBeginWait()) return Reception.Nothing;
                length = _socket.ReceiveFrom(destination, SocketFlags.None, _from);
                from = SocketAddresses.Read(_from, Local.Family);
                return Reception.Datagram;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                // Its checksum was wrong and the system threw it away: look again.
            }
            catch (SocketException e)
            {
                error = e.SocketErrorCode;
                return Reception.Failed;
            }
            catch (ObjectDisposedException)
            {
                break;
            }

        return Reception.Closed;
    }

    public SocketError Send(ReadOnlySpan<byte> datagram, in TransportAddress to, bool dontFragment = false)
    {
        if (_closed) return SocketError.OperationAborted;
        try
        {
            if (dontFragment != _forbidsFragments) ForbidFragments(dontFragment);
            SocketAddresses.Write(_to, to);
            _socket.SendTo(datagram, SocketFlags.None, _to);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.OperationAborted;
        }
    }

    public void Dispose()
    {
        _closed = true;
        _socket.Dispose();
    }

    /// <summary>True when nothing was there and then something came.</summary>
    bool TryEndWait()
    {
        if (!_waiting) return false;
        (_waiting, _told) = (false, false);
        return EndWait();
    }

    /// <summary>True when something came in the meantime, so that there is nothing to wait for.</summary>
    bool TryBeginWait()
    {
        _wait = _socket.ReceiveFromAsync(Probe, SocketFlags.Peek, _from).ConfigureAwait(false).GetAwaiter();
        if (_wait.IsCompleted) return EndWait();
        _waiting = true;
        _wait.UnsafeOnCompleted(_onArrival);
        return false;
    }

    bool EndWait()
    {
        try
        {
            _wait.GetResult();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
        {
            // Windows says so where the datagram has more than the one byte that was peeked at.
        }

        return true;
    }

    void OnArrival()
    {
        _told = true;
        _arrived();
    }

    void ForbidFragments(bool forbid)
    {
        UdpSockets.ForbidFragments(_socket, forbid);
        _forbidsFragments = forbid;
    }
}
