using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Transport;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>Clients that come by TCP, TLS and DTLS see what those of UDP see.</summary>
public sealed class StreamTests
{
    public StreamTests() => Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");

    public static TheoryData<ClientTransport> Streams => [ClientTransport.Tcp, ClientTransport.Tls];

    public static TheoryData<ClientTransport> All => [ClientTransport.Tcp, ClientTransport.Tls, ClientTransport.Dtls];

    [Theory, MemberData(nameof(All))]
    public void A_stream_and_a_datagram_client_talk_in_both_forms_and_every_length(ClientTransport transport)
    {
        using var stand = new StreamStand();
        var (alice, bob) = (stand.Client(transport), stand.Client(ClientTransport.Udp));
        var (hers, his) = (alice.Allocate(), bob.Allocate());
        Assert.Null(hers.Error);
        Assert.Equal(alice.Local, hers.Mapped);
        Assert.Null(alice.BindChannel(0x4FFF, his.Relayed).Error);
        Assert.Null(bob.Permit(hers.Relayed).Error);
        foreach (var length in new[] { 0, 1, 2, 3, 4, 5, 1200, 1473, 9001, 40_000 })
        {
            // A record of DTLS holds 16,384 bytes, and is one message.
            if (transport == ClientTransport.Dtls && length > 16_000) continue;
            var payload = new byte[length];
            Random.Shared.NextBytes(payload);
            alice.SendOnChannel(0x4FFF, payload);
            Assert.Equal(payload, bob.Receive());
            bob.Send(hers.Relayed, payload);
            Assert.Equal(payload, alice.Receive());
        }

        Assert.Null(alice.Refresh(0).Error);
        Assert.Single(stand.Node.Sessions());
        Assert.Equal(1, stand.Node.Decisions[0].By(transport).AllocationsEnded);
    }

    [Theory, MemberData(nameof(All))]
    public void Two_clients_of_streams_relay_in_bursts_and_every_message_comes_in_its_order(ClientTransport transport)
    {
        using var stand = new StreamStand();
        var (alice, bob) = (stand.Client(transport), stand.Client(transport));
        var (hers, his) = (alice.Allocate(), bob.Allocate());
        Assert.Null(alice.BindChannel(0x4000, his.Relayed).Error);
        Assert.Null(bob.BindChannel(0x4001, hers.Relayed).Error);
        for (var burst = 0; burst < 20; burst++)
        {
            for (byte i = 0; i < 50; i++) alice.SendOnChannel(0x4000, [i, (byte)burst, 3]);
            for (byte i = 0; i < 50; i++) Assert.Equal([i, (byte)burst, 3], bob.Receive());
        }
    }

    [Fact]
    public void Messages_that_come_byte_by_byte_or_many_at_once_are_the_same()
    {
        using var stand = new StreamStand();
        var (alice, bob) = (stand.Client(ClientTransport.Tcp), stand.Client(ClientTransport.Udp));
        var his = bob.Allocate().Relayed;
        Assert.Null(bob.Permit(alice.Allocate().Relayed).Error);
        Assert.Null(alice.BindChannel(0x4000, his).Error);
        byte[] one = [0x40, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0];
        foreach (var single in one) alice.SendRaw([single]);
        Assert.Equal([1, 2, 3, 4, 5], bob.Receive());
        byte[] many = [.. Enumerable.Range(0, 100).SelectMany(n => new byte[] { 0x40, 0, 0, 1, (byte)n, 0, 0, 0 })];
        alice.SendRaw(many.AsSpan(0, 399));
        alice.SendRaw(many.AsSpan(399));
        for (byte n = 0; n < 100; n++) Assert.Equal([n], bob.Receive());
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_connection_that_is_closed_ends_its_allocation_and_gives_the_port_back(ClientTransport transport)
    {
        using var stand = new StreamStand();
        var alice = stand.Client(transport);
        var relayed = alice.Allocate().Relayed;
        Assert.Single(stand.Node.Sessions());
        alice.Dispose();
        await Eventually.TrueAsync(() => stand.Node.Sessions().Length == 0);
        Assert.Equal(1, stand.Node.Decisions[0].By(transport).Ends(AllocationEnd.Disconnected));
        await Eventually.TrueAsync(() => UdpSocket.TryBind(relayed, 4096, out _) is { } free && Closed(free));
        static bool Closed(UdpSocket socket)
        {
            socket.Dispose();
            return true;
        }
    }

    [Fact]
    public void Udp_and_tcp_have_the_same_port()
    {
        using var node = StartAtOnePort();
        var address = node.Listeners[0];
        Assert.Equal([address, address], node.Listeners);
        using var udp = new RawClient(address, "x", "y");
        using var tcp = new RawClient(address, "x", "y", transport: ClientTransport.Tcp);
        Assert.Null(udp.Bind().Error);
        Assert.Equal(tcp.Local, tcp.Bind().Mapped);
    }

    /// <summary>A port that is free for UDP may be another program's of TCP: then with the next one.</summary>
    static TurnNode StartAtOnePort()
    {
        for (var tries = 1; ; tries++)
        {
            using var probe = UdpDatagrams.Open(StreamStand.Loopback);
            var address = probe.Local;
            probe.Dispose();
            var settings = new TurnNodeSettings
            {
                Listen = [address, new(address, ClientTransport.Tcp)],
                Rules = new() { Realm = "example.org", Relays = [new(StreamStand.Loopback)] },
            };
            try
            {
                return TurnNode.Start(settings, new CredentialVerifier("example.org", [], []), NullLogger.Instance);
            }
            catch (RefusedException) when (tries < 20)
            {
                // Taken.
            }
        }
    }

    [Fact]
    public void Several_workers_share_the_connections()
    {
        using var stand = new StreamStand(workers: 3);
        var clients = Enumerable.Range(0, 40).Select(_ => stand.Client(ClientTransport.Tcp)).ToArray();
        Assert.All(clients, client => Assert.Null(client.Allocate().Error));
        // 40 clients over 3 workers: that one has none is as likely as 1 in 3.7 million.
        Assert.All(stand.Node.Decisions, worker => Assert.NotEqual(0, worker.By(ClientTransport.Tcp).AllocationsBegan));
    }

    [Fact]
    public void Who_speaks_tls_is_offered_stun_turn_by_alpn()
    {
        using var stand = new StreamStand();
        Assert.Equal("stun.turn", stand.Connect(ClientTransport.Tls).Protocol);
    }

    [Fact]
    public void A_new_certificate_is_shown_to_who_comes_and_ends_nobody()
    {
        using var stand = new StreamStand();
        var before = stand.Client(ClientTransport.Tls);
        Assert.Null(before.Allocate().Error);
        using (var renewed = Transport.PemFiles.Create("renewed.example.org")) stand.Files.ReplaceBy(renewed);
        stand.Node.RefreshFiles();
        Assert.Null(before.Refresh(600).Error);
        Assert.Null(stand.Client(ClientTransport.Tls).Allocate().Error);
    }

    [Fact]
    public async Task A_client_of_dtls_that_begins_anew_has_a_new_session_and_the_allocation_of_the_old_one_has_ended()
    {
        using var stand = new StreamStand();
        var first = stand.Client(ClientTransport.Dtls);
        Assert.Null(first.Allocate().Error);
        var local = first.Local;
        first.Abandon();
        using var second = new RawClient(new RawDtls(stand.At(ClientTransport.Dtls).ToIPEndPoint(), local), "alice", "secret");
        await Eventually.TrueAsync(() => stand.Node.Sessions().Length == 0);
        Assert.Null(second.Allocate().Error);
    }

    [Fact]
    public void Dtls_is_served_by_the_portable_path_too()
    {
        var files = Transport.PemFiles.Create();
        var settings = new TurnNodeSettings
        {
            Listen = [new(StreamStand.Loopback, ClientTransport.Dtls)],
            Certificate = new(files.Certificate, files.Key),
            Rules = new() { Realm = "example.org", Relays = [new(StreamStand.Loopback)] },
            DataPath = DataPath.Portable,
        };
        using var node = TurnNode.Start(
            settings, new CredentialVerifier("example.org", [new("alice", "secret")], []), NullLogger.Instance);
        using var client = new RawClient(new RawDtls(node.Listeners[0].ToIPEndPoint()), "alice", "secret");
        Assert.Null(client.Allocate().Error);
        files.Dispose();
    }

    [Fact]
    public void The_portable_path_refuses_streams_in_one_sentence()
    {
        var refused = Assert.Throws<RefusedException>(() => new StreamStand(path: DataPath.Portable));
        Assert.Contains("data path linux", refused.Message, StringComparison.Ordinal);
    }
}
