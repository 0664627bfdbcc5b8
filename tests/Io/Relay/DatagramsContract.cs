using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Transport;

namespace Portunus.Tests.Io.Relay;

/// <summary>What every <see cref="IDatagrams"/> owes its owner, whatever is below it.</summary>
public abstract class DatagramsContract
{
    const int Slots = 40;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Loopbacks => ["127.0.0.1:0", "[::1]:0"];

    /// <exception cref="SocketException">The address cannot be had.</exception>
    protected abstract IDatagrams Open(in TransportAddress local);

    /// <summary>Whether a datagram is there, or comes in time; the socket learns what its owner then knows.</summary>
    protected abstract bool Wait(IDatagrams socket, TimeSpan patience);

    [Theory, MemberData(nameof(Loopbacks))]
    public void Port_0_becomes_the_port_that_the_system_gave(string loopback)
    {
        using var socket = Open(Address(loopback));
        Assert.NotEqual(0, socket.Local.Port);
        Assert.Equal(Address(loopback), socket.Local.WithPort(0));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void A_datagram_arrives_with_its_bytes_and_its_sender(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        Assert.Equal(SocketError.Success, a.Send("hello"u8, b.Local));
        Assert.Equal("hello"u8, b.Hear(out var from));
        Assert.Equal(a.Local, from);
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Every_size_arrives_whole_from_none_to_the_longest(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        foreach (var size in new[] { 0, 1, 1200, 1473, 9000, 65507 })
        {
            var sent = new byte[size];
            Random.Shared.NextBytes(sent);
            Assert.Equal(SocketError.Success, a.Send(sent, b.Local));
            Assert.Equal(sent, b.Hear(out _));
        }
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void What_is_too_long_for_a_datagram_is_refused_and_the_socket_lives(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        Assert.Equal(SocketError.MessageSize, a.Send(new byte[65535], b.Local));
        Assert.Equal(SocketError.Success, a.Send("still"u8, b.Local));
        Assert.Equal("still"u8, b.Hear(out _));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Datagrams_that_came_before_anybody_asked_are_there_in_their_order(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        for (byte i = 0; i < 20; i++) a.Send([i], b.Local);
        for (byte i = 0; i < 20; i++) Assert.Equal([i], b.Hear(out _));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void As_many_are_taken_as_were_asked_for_and_then_the_rest(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        for (byte i = 0; i < 12; i++) a.Send([i], b.Local);
        Assert.Equal(Reception.Datagram, b.Take(5, out _));
        Assert.Equal(5, b.Batch.Count);
        Assert.Equal(Reception.Nothing, b.Socket.Receive(b.Batch, 30, out _));
        Assert.Equal(12, b.Batch.Count);
        for (byte i = 0; i < 12; i++)
        {
            Assert.Equal([i], b.Batch.Datagram(i));
            Assert.Equal(a.Local, b.Batch.Sender(i));
        }
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Many_leave_together_in_their_order_to_whom_each_is_for(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        using var c = new Ear(this, loopback);
        var datagrams = Enumerable.Range(0, 60).Select(i => a.Write(i % 40, [(byte)i], i % 2 == 0 ? b.Local : c.Local)).ToArray();
        Assert.Equal(40, a.Socket.Send(a.Batch, datagrams.AsSpan(0, 40), out var error));
        Assert.Equal(SocketError.Success, error);
        for (byte i = 0; i < 20; i++)
        {
            // The last 20 were written over the first.
            Assert.Equal([(byte)(i < 10 ? (2 * i) + 40 : 2 * i)], b.Hear(out _));
            Assert.Equal([(byte)(i < 10 ? (2 * i) + 41 : (2 * i) + 1)], c.Hear(out _));
        }
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void More_than_a_batch_leaves_all_the_same(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        var same = a.Write(0, "x"u8, b.Local);
        var datagrams = Enumerable.Repeat(same, 100).ToArray();
        Assert.Equal(100, a.Socket.Send(a.Batch, datagrams, out _));
        for (var i = 0; i < 100; i++) Assert.Equal("x"u8, b.Hear(out _));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void One_that_is_refused_is_named_by_how_many_were_taken_before_it(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        var datagrams = new[] { a.Write(0, "1"u8, b.Local), a.Write(1, "2"u8, b.Local.WithPort(0)), a.Write(2, "3"u8, b.Local) };
        Assert.Equal(1, a.Socket.Send(a.Batch, datagrams, out var error));
        Assert.NotEqual(SocketError.Success, error);
        Assert.Equal(1, a.Socket.Send(a.Batch, datagrams.AsSpan(2), out error));
        Assert.Equal(SocketError.Success, error);
        Assert.Equal("1"u8, b.Hear(out _));
        Assert.Equal("3"u8, b.Hear(out _));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Where_nothing_waits_nothing_is_received(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        Assert.Equal(Reception.Nothing, b.Socket.Receive(b.Batch, 1, out var error));
        Assert.Equal(SocketError.Success, error);
        a.Send("x"u8, b.Local);
        Assert.Equal("x"u8, b.Hear(out _));
        Assert.Equal(Reception.Nothing, b.Socket.Receive(b.Batch, 1, out _));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Empty_datagrams_among_others_do_not_end_the_turn_of_a_socket_with_each_of_them(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        for (var i = 0; i < 30; i++) a.Send(i % 2 == 0 ? "x"u8 : default, b.Local);
        var waits = 0;
        for (; b.Batch.Count < 30 && Wait(b.Socket, Patience); waits++) b.Socket.Receive(b.Batch, b.Batch.Free, out _);
        Assert.Equal(30, b.Batch.Count);
        Assert.InRange(waits, 1, 2);
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void A_peer_that_nobody_is_at_does_not_disturb_the_socket(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        var gone = new Ear(this, loopback);
        gone.Dispose();
        Assert.Equal(Reception.Nothing, a.Socket.Receive(a.Batch, 1, out _));
        for (var i = 0; i < 5; i++) Assert.Equal(SocketError.Success, a.Send("nobody"u8, gone.Local));
        b.Send("somebody"u8, a.Local);
        Assert.Equal("somebody"u8, a.Hear(out _));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Peers_that_the_system_refuses_are_a_value_and_the_socket_lives(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        Assert.NotEqual(SocketError.Success, a.Send("x"u8, b.Local.WithPort(0)));
        if (a.Local.Family == IPFamily.IPv4) Assert.NotEqual(SocketError.Success, a.Send("x"u8, TransportAddress.IPv4(0xFFFFFFFF, 9)));
        a.Send("still"u8, b.Local);
        Assert.Equal("still"u8, b.Hear(out _));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void A_socket_that_was_closed_says_so(string loopback)
    {
        var ear = new Ear(this, loopback);
        ear.Send("x"u8, ear.Local);
        ear.Dispose();
        Assert.Equal(Reception.Closed, ear.Socket.Receive(ear.Batch, 1, out _));
        Assert.Equal(SocketError.OperationAborted, ear.Send("x"u8, ear.Local));
        Assert.True(ear.Socket.IsClosed);
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void An_address_that_is_taken_is_refused(string loopback)
    {
        using var first = new Ear(this, loopback);
        var second = Assert.Throws<SocketException>(() => Open(first.Local));
        Assert.Equal(SocketError.AddressAlreadyInUse, second.SocketErrorCode);
    }

    [Fact]
    public void Both_families_have_the_same_port_side_by_side()
    {
        using var v6 = Open(Address("[::]:0"));
        using var v4 = Open(Address($"0.0.0.0:{v6.Local.Port}"));
        Assert.Equal(v6.Local.Port, v4.Local.Port);
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Fragments_can_be_forbidden_for_one_datagram_and_allowed_for_the_next(string loopback)
    {
        Assert.SkipUnless(UdpDatagrams.CanForbidFragments, "this system cannot");
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        var datagrams = new[] { true, true, false, true }.Select((forbid, i) => a.Write(i, new byte[1400], b.Local, forbid)).ToArray();
        Assert.Equal(4, a.Socket.Send(a.Batch, datagrams, out _));
        for (var i = 0; i < 4; i++) Assert.Equal(1400, b.Hear(out _).Length);
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Receiving_and_sending_allocate_nothing(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        // What the runtime makes for itself as it compiles is not made each time.
        Assert.Contains(0, Enumerable.Range(0, 10).Select(_ => AllocatedByAHundred()));

        long AllocatedByAHundred()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++) Exchange();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Exchange()
        {
            a.Send("payload"u8, b.Local);
            b.Batch.Clear();
            while (b.Batch.Count == 0) b.Socket.Receive(b.Batch, 8, out _);
        }
    }

    protected static TransportAddress Address(string text) => TransportAddress.TryParse(text, out var address) ? address : default;

    /// <summary>A socket whose owner waits, with a batch of its own.</summary>
    protected sealed class Ear(DatagramsContract contract, string loopback) : IDisposable
    {
        readonly DatagramsContract _contract = contract;

        public IDatagrams Socket { get; } = contract.Open(Address(loopback));

        public DatagramBatch Batch { get; } = new(Slots, front: 16, back: 3);

        public TransportAddress Local => Socket.Local;

        public Outgoing Write(int slot, ReadOnlySpan<byte> bytes, in TransportAddress to, bool dontFragment = false)
        {
            bytes.CopyTo(Batch.Bytes[Batch.Start(slot)..]);
            return new(Batch.Start(slot), bytes.Length, to, dontFragment);
        }

        public SocketError Send(ReadOnlySpan<byte> bytes, in TransportAddress to)
        {
            var datagram = Write(Batch.Spare, bytes, to);
            var sent = Socket.Send(Batch, new(in datagram), out var error);
            Assert.True(sent == (error == SocketError.Success ? 1 : 0));
            return error;
        }

        public Reception Take(int most, out SocketError error)
        {
            Assert.True(_contract.Wait(Socket, Patience), "nothing came");
            Batch.Clear();
            return Socket.Receive(Batch, most, out error);
        }

        public ReadOnlySpan<byte> Hear(out TransportAddress from)
        {
            Take(1, out var error);
            Assert.True(Batch.Count == 1, $"{error}");
            from = Batch.Sender(0);
            return Batch.Datagram(0);
        }

        public void Dispose() => Socket.Dispose();
    }
}
