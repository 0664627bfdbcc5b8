using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;

namespace Portunus.Tests.Io.Relay;

/// <summary>What every <see cref="IDatagrams"/> owes its owner, whatever is below it.</summary>
public abstract class DatagramsContract
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly byte[] _buffer = new byte[65535];

    public static TheoryData<string> Loopbacks => ["127.0.0.1:0", "[::1]:0"];

    protected abstract IDatagrams Open(in TransportAddress local);

    /// <summary>Whether a datagram is there, or comes in time.</summary>
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
        Assert.Equal(SocketError.Success, a.Socket.Send("hello"u8, b.Socket.Local));
        Assert.Equal(5, b.Hear(_buffer, out var from));
        Assert.Equal("hello"u8, _buffer.AsSpan(0, 5));
        Assert.Equal(a.Socket.Local, from);
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
            Assert.Equal(SocketError.Success, a.Socket.Send(sent, b.Socket.Local));
            Assert.Equal(size, b.Hear(_buffer, out _));
            Assert.Equal(sent, _buffer.AsSpan(0, size));
        }
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void What_is_too_long_for_a_datagram_is_refused_and_the_socket_lives(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        Assert.Equal(SocketError.MessageSize, a.Socket.Send(_buffer, b.Socket.Local));
        Assert.Equal(SocketError.Success, a.Socket.Send("still"u8, b.Socket.Local));
        Assert.Equal(5, b.Hear(_buffer, out _));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Datagrams_that_came_before_anybody_asked_are_there(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        for (byte i = 0; i < 20; i++) a.Socket.Send([i], b.Socket.Local);
        for (byte i = 0; i < 20; i++)
        {
            Assert.Equal(1, b.Hear(_buffer, out _));
            Assert.Equal(i, _buffer[0]);
        }
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Where_nothing_waits_nothing_is_received(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        Assert.Equal(Reception.Nothing, b.Socket.Receive(_buffer, out _, out _, out _));
        b.Socket.Expect(); // In vain.
        Assert.Equal(Reception.Nothing, b.Socket.Receive(_buffer, out _, out _, out _));
        a.Socket.Send("x"u8, b.Socket.Local);
        Assert.Equal(1, b.Hear(_buffer, out _));
        Assert.Equal(Reception.Nothing, b.Socket.Receive(_buffer, out _, out _, out _));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Empty_datagrams_among_others_do_not_end_the_turn_of_a_socket_with_each_of_them(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        for (var i = 0; i < 30; i++) a.Socket.Send(i % 2 == 0 ? "x"u8 : default, b.Socket.Local);
        var (taken, waits) = (0, 0);
        for (; taken < 30 && Wait(b.Socket, Patience); waits++)
        {
            b.Socket.Expect();
            while (b.Socket.Receive(_buffer, out _, out _, out _) == Reception.Datagram) taken++;
        }

        Assert.Equal(30, taken);
        Assert.InRange(waits, 1, 2);
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void A_peer_that_nobody_is_at_does_not_disturb_the_socket(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        var gone = new Ear(this, loopback);
        gone.Dispose();
        Assert.Equal(Reception.Nothing, a.Socket.Receive(_buffer, out _, out _, out _));
        for (var i = 0; i < 5; i++) Assert.Equal(SocketError.Success, a.Socket.Send("nobody"u8, gone.Socket.Local));
        b.Socket.Send("somebody"u8, a.Socket.Local);
        Assert.Equal(8, a.Hear(_buffer, out _));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Peers_that_the_system_refuses_are_a_value_and_the_socket_lives(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        Assert.NotEqual(SocketError.Success, a.Socket.Send("x"u8, b.Socket.Local.WithPort(0)));
        if (a.Socket.Local.Family == IPFamily.IPv4)
            Assert.NotEqual(SocketError.Success, a.Socket.Send("x"u8, TransportAddress.IPv4(0xFFFFFFFF, 9)));
        a.Socket.Send("still"u8, b.Socket.Local);
        Assert.Equal(5, b.Hear(_buffer, out _));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void A_socket_that_was_closed_says_so(string loopback)
    {
        var ear = new Ear(this, loopback);
        ear.Socket.Send("x"u8, ear.Socket.Local);
        ear.Dispose();
        Assert.Equal(Reception.Closed, ear.Socket.Receive(_buffer, out _, out _, out _));
        Assert.Equal(SocketError.OperationAborted, ear.Socket.Send("x"u8, ear.Socket.Local));
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void An_address_that_is_taken_is_refused(string loopback)
    {
        using var first = new Ear(this, loopback);
        var second = Assert.Throws<SocketException>(() => Open(first.Socket.Local));
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
        // Loopback carries 65,536 bytes, headers included: the longest datagram of IPv4 fits, and needs no fragment there.
        foreach (var dontFragment in new[] { true, false, true })
        {
            Assert.Equal(SocketError.Success, a.Socket.Send(new byte[1400], b.Socket.Local, dontFragment));
            Assert.Equal(1400, b.Hear(_buffer, out _));
        }
    }

    [Theory, MemberData(nameof(Loopbacks))]
    public void Receiving_and_sending_allocate_nothing(string loopback)
    {
        using var a = new Ear(this, loopback);
        using var b = new Ear(this, loopback);
        for (var i = 0; i < 100; i++) Exchange();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Exchange();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Exchange()
        {
            a.Socket.Send("payload"u8, b.Socket.Local);
            while (b.Socket.Receive(_buffer, out _, out _, out _) != Reception.Datagram) Thread.SpinWait(10);
        }
    }

    static TransportAddress Address(string text) => TransportAddress.TryParse(text, out var address) ? address : default;

    /// <summary>A socket whose owner waits.</summary>
    sealed class Ear(DatagramsContract contract, string loopback) : IDisposable
    {
        readonly DatagramsContract _contract = contract;

        public IDatagrams Socket { get; } = contract.Open(Address(loopback));

        public int Hear(byte[] buffer, out TransportAddress from)
        {
            Assert.True(_contract.Wait(Socket, Patience), "nothing came");
            Socket.Expect();
            var reception = Socket.Receive(buffer, out var length, out from, out var error);
            Assert.True(reception == Reception.Datagram, $"{reception}: {error}");
            return length;
        }

        public void Dispose() => Socket.Dispose();
    }
}

/// <summary>The portable path.</summary>
public sealed class UdpDatagramsTests : DatagramsContract
{
    protected override IDatagrams Open(in TransportAddress local) => UdpDatagrams.Open(local);

    protected override bool Wait(IDatagrams socket, TimeSpan patience) =>
        ((UdpDatagrams)socket).Socket.Poll(patience, SelectMode.SelectRead);
}
