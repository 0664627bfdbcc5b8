using System.Collections.Immutable;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>TCP between relayed addresses and peers (RFC 6062), over real sockets.</summary>
public sealed class TcpRelayTests
{
    static readonly ImmutableArray<Subject> Alice = [new(CredentialKind.Static, Portunus.Bedrock.Bytes.Utf8("alice"))];

    public TcpRelayTests() => Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");

    public static TheoryData<ClientTransport> Streams => [ClientTransport.Tcp, ClientTransport.Tls];

    [Theory, MemberData(nameof(Streams))]
    public async Task Megabytes_go_both_ways_at_once_as_they_are(ClientTransport transport)
    {
        using var stand = Stand();
        using var peer = new PeerEnd();
        var data = Connected(stand, transport, peer, out var relayed, out _);
        Assert.Equal(relayed, TransportAddress.From((System.Net.IPEndPoint)peer.Connection.RemoteEndPoint!));
        var (up, down) = (Bytes(3_000_000, 1), Bytes(3_000_000, 2));
        var sent = Task.WhenAll(Beside(() => data.Stream.Write(up)), Beside(() => peer.Connection.Send(down)));
        var heard = Beside(() => data.Read(down.Length));
        Assert.Equal(up, peer.Read(up.Length));
        Assert.Equal(down, await heard);
        await sent;
        var traffic = stand.Node.Sessions().Single().Traffic;
        Assert.Equal((3_000_000, 3_000_000), (traffic.ToPeerBytes, traffic.ToClientBytes));
        Assert.Equal(3_000_000, stand.Node.Decisions[0].By(transport).Traffic.ToPeerBytes);
    }

    [Theory, MemberData(nameof(Streams))]
    public void A_peer_that_connects_is_told_of_and_what_it_said_before_is_kept(ClientTransport transport)
    {
        using var stand = Stand();
        using var peer = new PeerEnd();
        var control = stand.Client(transport);
        var relayed = control.AllocateTcp().Relayed;
        Assert.Null(control.Permit(peer.Address).Error);
        peer.Connect(relayed).Connection.Send("at once"u8);
        var (connection, address) = control.ReceiveAttempt();
        Assert.Equal(TransportAddress.From((System.Net.IPEndPoint)peer.Connection.LocalEndPoint!), address);
        var data = stand.Data(transport, connection);
        Assert.Equal("at once"u8, data.Read(7));
        data.Stream.Write("answered"u8);
        Assert.Equal("answered"u8, peer.Read(8));
    }

    [Fact]
    public void A_peer_without_permission_is_closed_at_once()
    {
        using var stand = Stand();
        using var peer = new PeerEnd();
        peer.Connect(stand.Client(ClientTransport.Tcp).AllocateTcp().Relayed);
        Assert.Equal(0, peer.Connection.Receive(new byte[1]));
        Assert.Equal(1, stand.Node.Decisions[0].Drops(DropReason.NoPermission));
    }

    [Fact]
    public void A_peer_that_is_not_there_is_unreachable()
    {
        using var stand = Stand();
        TransportAddress gone;
        using (var peer = new PeerEnd()) gone = peer.Address;
        var control = stand.Client(ClientTransport.Tcp);
        control.AllocateTcp();
        Assert.Equal(ErrorCode.ConnectionTimeoutOrFailure, control.Connect(gone).Error);
    }

    [Theory]
    [InlineData(ClientTransport.Tcp, 1)]
    [InlineData(ClientTransport.Tls, 1)]
    [InlineData(ClientTransport.Tcp, 3)]
    [InlineData(ClientTransport.Tls, 3)]
    public void What_comes_in_one_piece_with_ConnectionBind_goes_to_the_peer_whichever_worker_hears_it(
        ClientTransport transport, int workers)
    {
        using var stand = Stand(workers: workers);
        var control = stand.Client(transport);
        control.AllocateTcp();
        // 24 connections over 3 workers: that all meet the one with the allocation is as likely as 1 in 10^11.
        for (var i = 0; i < 24; i++)
        {
            using var peer = new PeerEnd();
            var connection = control.Connect(peer.Address).Connection!.Value;
            var behind = Bytes(1 + (i * 700), i);
            using var data = stand.Data(transport, connection, behind);
            Assert.Equal(behind, peer.Accept().Read(behind.Length));
            peer.Connection.Send("back"u8);
            Assert.Equal("back"u8, data.Read(4));
        }

        Assert.Equal(workers > 1, stand.Node.Loops.Sum(loop => loop.StreamsHandedOver) > 0);
    }

    [Theory, MemberData(nameof(Streams))]
    public async Task Who_does_not_read_holds_back_who_sends_and_nothing_is_lost(ClientTransport transport)
    {
        using var stand = Stand();
        using var peer = new PeerEnd();
        var data = Connected(stand, transport, peer, out _, out _);
        var all = Bytes(40_000_000, 3);
        var sent = 0;
        // Until the buffers of the system are full on the whole way.
        while (sent < all.Length && peer.Connection.Poll(TimeSpan.FromSeconds(2), SelectMode.SelectWrite))
            sent += peer.Connection.Send(all, sent, Math.Min(4096, all.Length - sent), SocketFlags.None);
        Assert.InRange(sent, 1, 30_000_000);
        Assert.InRange(stand.Node.Sessions().Single().Traffic.ToClientBytes, 1, 30_000_000);
        var sending = Beside(() => peer.Connection.Send(all, sent, all.Length - sent, SocketFlags.None));
        Assert.Equal(all, data.Read(all.Length));
        await sending;
    }

    [Fact]
    public async Task Who_has_ended_one_direction_hears_the_other_until_its_end()
    {
        using var stand = Stand();
        using var peer = new PeerEnd();
        var data = Connected(stand, ClientTransport.Tcp, peer, out _, out var control);
        data.Stream.Write("a question"u8);
        data.EndSending();
        Assert.Equal("a question"u8, peer.Read(10));
        Assert.True(peer.EndsInOrder());
        peer.Connection.Send("an answer"u8);
        Assert.Equal("an answer"u8, data.Read(9));
        peer.Connection.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, data.Stream.Read(new byte[1]));
        await Eventually.TrueAsync(() => stand.Node.Decisions[0].PeerConnectionsEnded == 1);
        Assert.Null(control.Refresh(600).Error);
    }

    [Theory, MemberData(nameof(Streams))]
    public void The_end_of_either_connection_is_passed_on_behind_all_that_was_said(ClientTransport transport)
    {
        using var stand = Stand();
        using var first = new PeerEnd();
        var data = Connected(stand, transport, first, out _, out var control);
        var said = Bytes(200_000, 4);
        data.Stream.Write(said);
        data.EndSending();
        Assert.Equal(said, first.Read(said.Length));
        Assert.True(first.EndsInOrder());
        using var second = new PeerEnd();
        data = stand.Data(transport, control.Connect(second.Address).Connection!.Value);
        second.Accept().Connection.Send(said);
        second.Connection.Shutdown(SocketShutdown.Send);
        Assert.Equal(said, data.Read(said.Length));
        Assert.Equal(0, data.Stream.Read(new byte[1]));
    }

    [Fact]
    public void A_connection_that_breaks_is_passed_on_as_one_and_not_as_an_end()
    {
        using var stand = Stand();
        using var peer = new PeerEnd();
        var data = Connected(stand, ClientTransport.Tcp, peer, out _, out _);
        peer.Connection.LingerState = new(true, 0);
        peer.Connection.Dispose();
        var broken = Assert.Throws<IOException>(() => data.Stream.Read(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(broken.InnerException).SocketErrorCode);
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("deleted")]
    [InlineData("disconnected")]
    [InlineData("denied")]
    public async Task Whatever_ends_the_right_to_relay_cuts_both_connections(string how)
    {
        using var stand = Stand();
        using var peer = new PeerEnd();
        var data = Connected(stand, ClientTransport.Tcp, peer, out _, out var control);
        switch (how)
        {
            case "revoked":
                Assert.True(await stand.Node.RevokeAsync(Alice, TimeSpan.FromMinutes(1)));
                break;
            case "deleted":
                Assert.Null(control.Refresh(0).Error);
                break;
            case "disconnected":
                control.Dispose();
                break;
            case "denied":
                await stand.Node.ApplyAsync(stand.Rules with { DenyPeers = [AddressRange.Parse("127.0.0.2")] });
                break;
        }

        Assert.False(peer.EndsInOrder());
        Assert.ThrowsAny<IOException>(() => data.Stream.ReadExactly(new byte[1]));
        Assert.Equal(how == "denied" ? 1 : 0, stand.Node.Sessions().Length);
        if (how != "denied") await Eventually.TrueAsync(() => stand.Node.Kept == 0);
    }

    [Fact]
    public async Task Who_has_a_limit_is_slowed_to_it_without_a_loss()
    {
        // 500,000 bytes a second after the 250,000 of a burst: two seconds for the rest, however fast the machine is.
        using var stand = Stand(change: rules => rules with { MaxKbps = 4000 });
        using var peer = new PeerEnd();
        var data = Connected(stand, ClientTransport.Tcp, peer, out _, out _);
        var said = Bytes(1_250_000, 5);
        var began = SystemClock.Now;
        var sending = Beside(() => data.Stream.Write(said));
        Assert.Equal(said, peer.Read(said.Length));
        Assert.True(SystemClock.Now - began > TimeSpan.FromSeconds(1.8), "the limit was not held");
        await sending;
    }

    [Fact]
    public async Task Ports_and_descriptors_come_back_however_often_connections_come_and_go()
    {
        using var stand = Stand(change: rules => rules with { RelayPorts = FreeRange() });
        for (var i = 0; i < 60; i++)
        {
            using var peer = new PeerEnd();
            using var control = stand.Client(ClientTransport.Tcp);
            var relayed = control.AllocateTcp();
            Assert.Null(relayed.Error);
            using var data = stand.Data(ClientTransport.Tcp, control.Connect(peer.Address).Connection!.Value, "x"u8);
            Assert.Equal("x"u8, peer.Accept().Read(1));
            Assert.Null(control.Refresh(0).Error);
        }

        await Eventually.TrueAsync(() => stand.Node.Kept == 0);
    }

    [Fact]
    public void Two_clients_meet_over_IPv6()
    {
        var ipv6 = TransportAddress.IPv6(1, 0);
        using var stand = Stand(change: rules => rules with { Relays = [new(ipv6)], AllowPeers = [AddressRange.Parse("::1")] });
        var (alice, bob) = (stand.Client(ClientTransport.Tcp), stand.Client(ClientTransport.Tls));
        var (hers, his) = (alice.AllocateTcp(IPFamily.IPv6).Relayed, bob.AllocateTcp(IPFamily.IPv6).Relayed);
        Assert.Null(bob.Permit(hers).Error);
        var one = stand.Data(ClientTransport.Tcp, alice.Connect(his).Connection!.Value, "by IPv6"u8);
        var attempt = bob.ReceiveAttempt();
        Assert.Equal(hers, attempt.Peer);
        var other = stand.Data(ClientTransport.Tls, attempt.Connection);
        Assert.Equal("by IPv6"u8, other.Read(7));
        other.Stream.Write("back"u8);
        Assert.Equal("back"u8, one.Read(4));
    }

    [Fact]
    public void A_stranger_who_names_other_workers_has_his_connection_carried_a_few_times_and_then_closed()
    {
        using var stand = Stand(workers: 3);
        using var stranger = stand.Open(new DataWire(stand.At(ClientTransport.Tcp).ToIPEndPoint(), false));
        byte[] messages = [.. Enumerable.Range(0, 60).SelectMany(i => Forged((uint)(i % 3) << 24))];
        stranger.Stream.Write(messages);
        Assert.ThrowsAny<IOException>(() => ReadToTheEnd(stranger));
        Assert.InRange(stand.Node.Loops.Sum(loop => loop.StreamsHandedOver), 1, 3);
    }

    [Fact]
    public void Where_nobody_comes_by_connections_it_is_refused_in_one_sentence()
    {
        var settings = new TurnNodeSettings
        {
            Listen = [StreamStand.Loopback],
            Rules = new() { Realm = "example.org", Relays = [new(StreamStand.Loopback)], TcpRelay = true },
        };
        var refused = Assert.Throws<RefusedException>(
            () => TurnNode.Start(settings, new CredentialVerifier("example.org", [], []), NullLogger.Instance));
        Assert.Contains("add a listener of tcp: or tls:", refused.Message, StringComparison.Ordinal);
    }

    static StreamStand Stand(int workers = 1, Func<TurnSettings, TurnSettings>? change = null) =>
        new(workers: workers, adjust: rules => (change ?? (same => same))(rules with { TcpRelay = true }));

    /// <summary>A client's connection and a peer's as one.</summary>
    static DataWire Connected(
        StreamStand stand, ClientTransport transport, PeerEnd peer, out TransportAddress relayed, out RawClient control)
    {
        control = stand.Client(transport);
        relayed = control.AllocateTcp().Relayed;
        var connected = control.Connect(peer.Address);
        Assert.Null(connected.Error);
        peer.Accept();
        return stand.Data(transport, connected.Connection!.Value);
    }

    /// <summary>Where a message names the worker that reads it, it is answered.</summary>
    static void ReadToTheEnd(DataWire wire)
    {
        while (true) wire.Receive(TimeSpan.Zero);
    }

    static Task Beside(Action work) => Task.Run(work, TestContext.Current.CancellationToken);

    static Task<T> Beside<T>(Func<T> work) => Task.Run(work, TestContext.Current.CancellationToken);

    static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Three ports that follow each other, free a moment ago.</summary>
    static PortRange FreeRange()
    {
        for (var first = (ushort)Random.Shared.Next(20_000, 30_000);; first += 3)
        {
            using var a = Free(first);
            using var b = Free((ushort)(first + 1));
            using var c = Free((ushort)(first + 2));
            if (a is not null && b is not null && c is not null) return new(first, (ushort)(first + 2));
        }

        static Portunus.Transport.StreamListener? Free(ushort port) =>
            Portunus.Transport.StreamListener.TryOpen(StreamStand.Loopback.WithPort(port), 1, out _);
    }

    static byte[] Forged(uint connection)
    {
        var bytes = new byte[500];
        var writer = new StunWriter(bytes, StunClass.Request, StunMethod.ConnectionBind, TransactionId.Draw(new SystemRandom()));
        writer.AddConnectionId(connection);
        writer.Add(AttributeType.Username, "nobody"u8);
        writer.Add(AttributeType.Realm, "example.org"u8);
        writer.Add(AttributeType.Nonce, "forged"u8);
        writer.AddIntegrity(Integrity.Sha1, new(new byte[16]));
        return writer.Written.ToArray();
    }
}
