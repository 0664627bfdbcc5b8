using System.Diagnostics;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Transport;

namespace Portunus.Tests.Io.Relay;

/// <summary>How a worker waits at many sockets.</summary>
public sealed class SocketWatchTests : IDisposable
{
    static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(60);

    // The kernel's clock ticks up to ten milliseconds apart.
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    // A wait without an end is found, a slow machine is not.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly SocketWatch _watch = new();
    readonly Queue<Watched> _ready = new();
    readonly List<WorkerSocket> _sockets = [];
    readonly UdpDatagrams _sender = Open();
    readonly DatagramBatch _batch = new(40, front: 0, back: 0);

    public void Dispose()
    {
        _sender.Dispose();
        foreach (var socket in _sockets) socket.Datagrams.Dispose();
    }

    [Fact]
    public void In_silence_it_waits_as_long_as_it_may()
    {
        Add(3);
        var start = Stopwatch.GetTimestamp();
        _watch.Wait(SystemClock.Now, Silence, _ready);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Silence - Tick).TotalMilliseconds, Patience.TotalMilliseconds);
        Assert.Empty(_ready);
    }

    [Fact]
    public void Without_any_socket_since_the_only_one_rests_it_waits_all_the_same()
    {
        Add(1);
        _watch.Remove(_sockets[0]);
        var start = Stopwatch.GetTimestamp();
        _watch.Wait(SystemClock.Now, Silence, _ready);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Silence - Tick).TotalMilliseconds, Patience.TotalMilliseconds);
        Assert.Empty(_ready);
        _watch.Add(_sockets[0]);
        Hear(0);
    }

    [Fact]
    public void It_ends_its_wait_with_the_first_datagram_and_names_each_socket_once()
    {
        Add(10);
        foreach (var n in new[] { 7, 2, 7 }) Send(n);
        WaitFor(2);
        _watch.Wait(SystemClock.Now, TimeSpan.Zero, _ready);
        Assert.Equal([_sockets[2], _sockets[7]], _ready.OrderBy(socket => _sockets.IndexOf((WorkerSocket)socket)));
    }

    [Fact]
    public void An_empty_datagram_is_noticed()
    {
        Add(2);
        Send(1, []);
        WaitFor(1);
        Assert.Equal(Reception.Datagram, _sockets[1].Datagrams.Receive(_batch, 1, out _));
        Assert.Equal(0, _batch.Datagram(0).Length);
    }

    [Fact]
    public void Among_many_the_few_lively_ones_are_heard_and_a_quiet_one_is_not_forgotten()
    {
        Add(200);
        foreach (var n in new[] { 0, 100, 199 }) Hear(n);
        for (var round = 0; round < 20; round++)
        {
            Hear(100);
            Hear((round * 7) % 200);
        }
    }

    [Fact]
    public void When_many_are_lively_all_are_heard()
    {
        Add(150);
        for (var round = 0; round < 3; round++)
        {
            for (var n = 0; n < 150; n++) Send(n);
            HashSet<WorkerSocket> heard = [];
            var until = SystemClock.Now + Patience;
            while (heard.Count < 150 && SystemClock.Now < until) heard.UnionWith(TakeReady());
            Assert.Equal(150, heard.Count);
        }
    }

    [Fact]
    public void A_socket_that_was_removed_is_not_asked_about_and_the_others_are()
    {
        Add(100);
        foreach (var n in new[] { 0, 50, 99 }) Hear(n);
        foreach (var n in new[] { 0, 99, 30 })
        {
            _watch.Remove(_sockets[n]);
            _watch.Remove(_sockets[n]);
            _sockets[n].Datagrams.Dispose();
        }

        Hear(50);
        Hear(98);
        Hear(31);
    }

    void Add(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _sockets.Add(new(Open()));
            _watch.Add(_sockets[^1]);
        }
    }

    void Send(int n) => Send(n, "x"u8);

    void Send(int n, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_batch.Bytes[_batch.Start(_batch.Spare)..]);
        var datagram = new Outgoing(_batch.Start(_batch.Spare), bytes.Length, _sockets[n].Datagrams.Local, DontFragment: false);
        Assert.Equal(1, _sender.Send(_batch, new(in datagram), out _));
    }

    /// <summary>Sends to one, and waits until it was named.</summary>
    void Hear(int n)
    {
        Send(n);
        var until = SystemClock.Now + Patience;
        while (SystemClock.Now < until)
            if (TakeReady().Contains(_sockets[n]))
                return;
        Assert.Fail($"Socket {n} was not noticed.");
    }

    /// <summary>What a worker does with those that are ready.</summary>
    List<WorkerSocket> TakeReady()
    {
        _watch.Wait(SystemClock.Now, Silence, _ready);
        List<WorkerSocket> taken = [.. _ready.Cast<WorkerSocket>()];
        foreach (var socket in taken)
        {
            socket.IsReady = false;
            _batch.Clear();
            socket.Datagrams.Receive(_batch, _batch.Free, out _);
        }

        _ready.Clear();
        return taken;
    }

    void WaitFor(int count)
    {
        for (var until = SystemClock.Now + Patience; _ready.Count < count && SystemClock.Now < until;)
            _watch.Wait(SystemClock.Now, Silence, _ready);
        Assert.Equal(count, _ready.Count);
    }

    static UdpDatagrams Open() => UdpDatagrams.Open(TransportAddress.IPv4(0x7F000001, 0));
}
