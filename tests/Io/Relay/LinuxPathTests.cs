using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Transport;

namespace Portunus.Tests.Io.Relay;

/// <summary>How a worker of the Linux path waits.</summary>
public sealed class LinuxPathTests : IDisposable
{
    static readonly TransportAddress Loopback = TransportAddress.IPv4(0x7F000001, 0);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly LinuxPath _path;
    readonly Queue<Watched> _ready = new();
    readonly List<WorkerSocket> _sockets = [];
    readonly DatagramBatch _batch = new(40, front: 0, back: 0);

    public LinuxPathTests()
    {
        Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");
        _path = LinuxPath.TryCreate(out _)!;
    }

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Datagrams.Dispose();
        _path?.Dispose();
    }

    [Fact]
    public async Task A_wait_without_an_end_is_ended_by_another_thread_and_the_next_one_waits_again()
    {
        var waited = Task.Factory.StartNew(() => _path.Wait(SystemClock.Now, null, false, _ready), TaskCreationOptions.LongRunning);
        _path.Wake();
        await waited.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Empty(_ready);
        var start = TimeProvider.System.GetTimestamp();
        _path.Wait(SystemClock.Now, TimeSpan.FromMilliseconds(30), false, _ready);
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(25));
    }

    [Fact]
    public void Among_two_thousand_silent_sockets_the_one_that_is_heard_is_named_and_named_once()
    {
        Add(2000);
        Send(1234);
        _path.Wait(SystemClock.Now, Patience, false, _ready);
        Assert.Same(_sockets[1234], Assert.Single(_ready));
        _path.Wait(SystemClock.Now, TimeSpan.Zero, false, _ready);
        Assert.Single(_ready);
    }

    [Fact]
    public void What_waits_beyond_one_turn_is_named_again()
    {
        Add(2);
        Send(1);
        Send(1);
        for (var i = 0; i < 2; i++)
        {
            _path.Wait(SystemClock.Now, Patience, false, _ready);
            var socket = (WorkerSocket)_ready.Dequeue();
            socket.IsReady = false;
            Assert.Equal(Reception.Datagram, socket.Datagrams.Receive(_batch, 1, out _));
        }

        _path.Wait(SystemClock.Now, TimeSpan.Zero, false, _ready);
        Assert.Empty(_ready);
    }

    [Fact]
    public void A_socket_that_was_taken_out_is_not_named_and_its_place_goes_to_the_next()
    {
        Add(3);
        _path.Unwatch(_sockets[1]);
        _path.Unwatch(_sockets[1]);
        Send(1);
        _path.Wait(SystemClock.Now, TimeSpan.Zero, false, _ready);
        Assert.Empty(_ready);
        Add(1);
        Send(3);
        _path.Wait(SystemClock.Now, Patience, false, _ready);
        Assert.Same(_sockets[3], Assert.Single(_ready));
    }

    [Fact]
    public void A_taken_port_is_a_value()
    {
        Add(1);
        Assert.Null(_path.TryOpen(_sockets[0].Datagrams.Local, out var error));
        Assert.Equal(SocketError.AddressAlreadyInUse, error);
        Assert.Null(_path.TryOpen(TransportAddress.IPv4(0xCB007107, 0), out error));
        Assert.Equal(SocketError.AddressNotAvailable, error);
    }

    void Add(int count)
    {
        for (; count > 0; count--)
        {
            _sockets.Add(new(_path.TryOpen(Loopback, out var error) ?? throw new SocketException((int)error)));
            _path.Watch(_sockets[^1]);
        }
    }

    void Send(int to)
    {
        using var sender = UdpSocket.TryBind(Loopback, 1 << 16, out _)!;
        var datagram = new Outgoing(_batch.Start(_batch.Spare), 1, _sockets[to].Datagrams.Local, DontFragment: false);
        Assert.Equal(1, sender.Send(_batch, new(in datagram), out _));
    }
}
