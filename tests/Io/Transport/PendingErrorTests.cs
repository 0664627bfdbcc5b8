using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Transport;

namespace Portunus.Tests.Io.Transport;

/// <summary>An error of one destination meets the next call of a socket that is told of errors, whatever that is for (ip(7),
/// IP_RECVERR).</summary>
public sealed class PendingErrorTests : IDisposable
{
    static readonly byte[] Text = [1, 2, 3];

    readonly UdpSocket _socket;
    readonly DatagramBatch _batch = new(4, 0, 0);
    readonly Socket _peer = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };

    public PendingErrorTests()
    {
        Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");
        _socket = UdpSocket.TryBind(TransportAddress.IPv4(0x7F000001, 0), 1 << 16, out _)!;
        _peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public void Dispose()
    {
        _socket.Dispose();
        _peer.Dispose();
    }

    [Fact]
    public void A_datagram_that_meets_the_error_of_another_destination_goes_all_the_same()
    {
        _socket.TellErrors();
        var closed = Closed();
        for (byte i = 0; i < 20; i++)
        {
            Refuse(closed);
            Assert.Equal((1, SocketError.Success), Send(Address, i));
            Assert.Equal(i, Heard());
            Assert.True(_socket.TryTakeError(out var error));
            Assert.Equal((closed, ErrorOrigin.Icmp, 3, 3), (error.Destination, error.Origin, error.Type, error.Code));
            Assert.False(_socket.TryTakeError(out _));
        }
    }

    [Fact]
    public void A_whole_batch_that_meets_errors_before_it_and_among_it_loses_none()
    {
        _socket.TellErrors();
        var closed = Closed();
        Refuse(closed);
        Outgoing[] all = [Write(0, Address), Write(1, closed), Write(2, Address), Write(3, Address)];
        Assert.Equal(4, _socket.Send(_batch, all, out var error));
        Assert.Equal(SocketError.Success, error);
        Assert.Equal([0, 2, 3], new[] { Heard(), Heard(), Heard() });
    }

    [Fact]
    public void A_datagram_that_is_too_long_for_its_link_is_not_tried_twice_so_its_error_is_told_once()
    {
        _socket.TellErrors();
        var batch = new DatagramBatch(1, 0, 0);
        Assert.Equal(0, _socket.Send(batch, [new(batch.Start(0), 65_535, Address, DontFragment: true)], out var error));
        Assert.Equal(SocketError.MessageSize, error);
        var told = 0;
        while (_socket.TryTakeError(out _)) told++;
        Assert.Equal(1, told);
    }

    /// <summary>What the kernel does by itself, without which the tests above would show nothing.</summary>
    [Fact]
    public void The_kernel_refuses_one_call_after_such_an_error()
    {
        _socket.TellErrors();
        Refuse(Closed());
        Assert.Equal(0, _socket.Receive(new DatagramBatch(1, 0, 0), 1, out var error));
        Assert.Equal(SocketError.ConnectionRefused, error);
        Assert.Equal(0, _socket.Receive(new DatagramBatch(1, 0, 0), 1, out error));
        Assert.Equal(SocketError.WouldBlock, error);
    }

    TransportAddress Address => TransportAddress.From((IPEndPoint)_peer.LocalEndPoint!);

    /// <summary>Sends to nobody, and waits until the kernel has heard so.</summary>
    void Refuse(in TransportAddress closed)
    {
        using var poller = Poller.TryOpen(out _)!;
        // Errors are told unasked.
        Assert.Equal(SocketError.Success, poller.Add(_socket.Descriptor, 1, Interest.None));
        Assert.Equal((1, SocketError.Success), Send(closed, 99));
        // A signal may end a wait.
        Assert.Contains(1, Enumerable.Range(0, 10).Select(_ => poller.Wait(10_000, new Readiness[1])));
    }

    (int Sent, SocketError Error) Send(in TransportAddress to, byte mark)
    {
        var sent = _socket.Send(_batch, [Write(0, to, mark)], out var error);
        return (sent, error);
    }

    Outgoing Write(int slot, in TransportAddress to, byte? mark = null)
    {
        Text.CopyTo(_batch.Bytes[_batch.Start(slot)..]);
        _batch.Bytes[_batch.Start(slot)] = mark ?? (byte)slot;
        return new(_batch.Start(slot), Text.Length, to, DontFragment: false);
    }

    byte Heard()
    {
        var buffer = new byte[100];
        Assert.Equal(Text.Length, _peer.Receive(buffer));
        return buffer[0];
    }

    static TransportAddress Closed()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        return TransportAddress.From((IPEndPoint)socket.LocalEndPoint!);
    }
}
