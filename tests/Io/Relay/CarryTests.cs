using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>A client that has moved and meets another worker than the one that has its allocation (RFC 8016), over real sockets.</summary>
public sealed class CarryTests
{
    const int Workers = 4;

    static readonly bool IsServed = LinuxPath.IsServed;

    public static TheoryData<ClientTransport, ClientTransport> EveryMove => new(
        from before in Enum.GetValues<ClientTransport>() from after in Enum.GetValues<ClientTransport>() select (before, after));

    public static TheoryData<ClientTransport> EveryTransport => new(Enum.GetValues<ClientTransport>());

    [Theory, MemberData(nameof(EveryMove))]
    public void It_goes_on_at_its_relay_from_one_transport_to_another(ClientTransport before, ClientTransport after)
    {
        Assert.SkipUnless(IsServed, "streams need Linux on x64 or arm64");
        using var stand = new StreamStand(workers: Workers, mobility: true);
        var (peer, home) = (stand.Client(ClientTransport.Udp), stand.Client(before));
        var his = peer.Allocate().Relayed;
        var hers = home.AllocateMobile();
        Assert.Null(peer.Permit(hers.Relayed).Error);
        Assert.Null(home.BindChannel(0x4000, his).Error);
        var away = Elsewhere(stand, after, OwnerOf(stand.Node, hers));

        var moved = away.Move(hers.Ticket!);
        Assert.Null(moved.Error);
        Assert.NotEqual(hers.Ticket, moved.Ticket);
        peer.Send(hers.Relayed, "to the old path"u8);
        Assert.Equal("to the old path"u8, home.Receive());
        home.SendOnChannel(0x4000, "from the old path"u8);
        Assert.Equal("from the old path"u8, peer.Receive());
        away.SendOnChannel(0x4000, "from the new one"u8);
        Assert.Equal("from the new one"u8, peer.Receive());
        Assert.Equal(ErrorCode.AllocationMismatch, home.Refresh(600).Error);
        foreach (var length in new[] { 0, 1, 3, 1200, 9001 })
        {
            var payload = new byte[length];
            Random.Shared.NextBytes(payload);
            peer.Send(hers.Relayed, payload);
            Assert.Equal(payload, away.Receive());
            away.Send(his, payload);
            Assert.Equal(payload, peer.Receive());
        }

        Assert.Null(away.BindChannel(0x4001, TransportAddress.IPv4(0x7F000002, 9)).Error);
        Assert.NotEqual(0, stand.Node.Loops.Sum(loop => loop.Carried));
        Assert.Equal(0, stand.Node.Loops.Sum(loop => loop.CarriedLost));
        Assert.Null(away.Refresh(0).Error);
        Assert.Equal(ErrorCode.AllocationMismatch, away.Refresh(600).Error);
        Assert.Null(peer.Refresh(0).Error);
        Await(() => stand.Node.Kept == 0, () => $"{stand.Node.Kept} things are left");
    }

    [Theory, MemberData(nameof(EveryTransport))]
    public void It_goes_from_one_receiver_to_the_next_and_home_again(ClientTransport transport)
    {
        Assert.SkipUnless(IsServed, "streams need Linux on x64 or arm64");
        using var stand = new StreamStand(workers: Workers, mobility: true);
        var (peer, home) = (stand.Client(ClientTransport.Udp), stand.Client(transport));
        var his = peer.Allocate().Relayed;
        var hers = home.AllocateMobile();
        Assert.Null(peer.Permit(hers.Relayed).Error);
        Assert.Null(home.BindChannel(0x4000, his).Error);
        var owner = OwnerOf(stand.Node, hers);
        var ticket = hers.Ticket!;
        var first = Elsewhere(stand, transport, owner);
        var second = Elsewhere(stand, transport, owner, WorkerOf(stand, first, transport));
        foreach (var next in new[] { first, second, Someone(stand, transport, worker => worker == owner) })
        {
            var moved = next.Move(ticket);
            Assert.Null(moved.Error);
            next.SendOnChannel(0x4000, "here"u8);
            Assert.Equal("here"u8, peer.Receive());
            peer.Send(hers.Relayed, "there"u8);
            Assert.Equal("there"u8, next.Receive());
            ticket = moved.Ticket!;
        }

        Assert.Equal(ErrorCode.AllocationMismatch, first.Refresh(600).Error);
        Assert.Equal(ErrorCode.AllocationMismatch, second.Refresh(600).Error);
    }

    [Theory]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Tls)]
    [InlineData(ClientTransport.Dtls)]
    public void The_end_of_a_connection_at_the_receiver_ends_a_move_away_from_it(ClientTransport transport)
    {
        Assert.SkipUnless(IsServed, "streams need Linux on x64 or arm64");
        using var stand = new StreamStand(workers: Workers, mobility: true);
        var (peer, home) = (stand.Client(ClientTransport.Udp), stand.Client(transport));
        var his = peer.Allocate().Relayed;
        var hers = home.AllocateMobile();
        Assert.Null(peer.Permit(hers.Relayed).Error);
        Assert.Null(home.BindChannel(0x4000, his).Error);
        var owner = OwnerOf(stand.Node, hers);
        var first = Elsewhere(stand, transport, owner);
        var ticket = first.Move(hers.Ticket!).Ticket!;
        first.SendOnChannel(0x4000, "here"u8);
        Assert.Equal("here"u8, peer.Receive());
        var second = Elsewhere(stand, transport, owner, WorkerOf(stand, first, transport));
        Assert.Null(second.Move(ticket).Error);
        first.Dispose();
        Await(() => ClientOf(stand.Node, hers) == second.Local, () => $"the client is {ClientOf(stand.Node, hers)}");
        peer.Send(hers.Relayed, "there"u8);
        Assert.Equal("there"u8, second.Receive());
    }

    [Theory, MemberData(nameof(EveryTransport))]
    public async Task Its_revocation_ends_it_at_both_workers(ClientTransport transport)
    {
        Assert.SkipUnless(IsServed, "streams need Linux on x64 or arm64");
        using var stand = new StreamStand(workers: Workers, mobility: true);
        var home = stand.Client(transport);
        var hers = home.AllocateMobile();
        var away = Elsewhere(stand, transport, OwnerOf(stand.Node, hers));
        Assert.Null(away.Move(hers.Ticket!).Error);
        await stand.Node.EndAsync([new Subject(CredentialKind.Static, Bytes.Utf8("alice"))]);
        Assert.Empty(stand.Node.Sessions());
        Await(() => stand.Node.Kept == 0, () => $"{stand.Node.Kept} things are left");
        Assert.Equal(ErrorCode.AllocationMismatch, away.Refresh(600).Error);
        Assert.Null(away.Allocate().Error);
    }

    [Theory]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Dtls)]
    public void Its_silent_connection_is_kept_as_long_as_its_allocation_lives(ClientTransport transport)
    {
        Assert.SkipUnless(IsServed, "streams need Linux on x64 or arm64");
        using var stand = new StreamStand(new() { Idle = TimeSpan.FromMilliseconds(500) }, Workers, mobility: true);
        var (peer, home) = (stand.Client(ClientTransport.Udp), stand.Client(ClientTransport.Udp));
        var his = peer.Allocate().Relayed;
        var hers = home.AllocateMobile();
        Assert.Null(peer.Permit(hers.Relayed).Error);
        Assert.Null(home.BindChannel(0x4000, his).Error);
        RawClient away;
        Answer moved;
        // One that was silent for too long before it moved is closed; then there is another.
        do moved = (away = Elsewhere(stand, transport, OwnerOf(stand.Node, hers))).Move(hers.Ticket!);
        while (away.IsClosed || moved.Error is not null);
        away.SendOnChannel(0x4000, "here"u8);
        Assert.Equal("here"u8, peer.Receive());
        for (var i = 0; i < 2; i++)
        {
            var witness = stand.Client(ClientTransport.Tcp);
            witness.Bind();
            Await(() => witness.IsClosed, () => "one without an allocation lives on");
        }

        peer.Send(hers.Relayed, "there"u8);
        Assert.Equal("there"u8, away.Receive());
    }

    [Fact]
    public void By_the_portable_path_as_well()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "several workers need Linux");
        using var node = Start(DataPath.Portable, NullLogger.Instance);
        using var peer = New();
        using var home = New();
        var (his, hers) = (peer.Allocate().Relayed, home.AllocateMobile());
        Assert.Null(peer.Permit(hers.Relayed).Error);
        Assert.Null(home.BindChannel(0x4000, his).Error);
        using var away = Find(New, client => WorkerOf(node, 0, client), worker => worker != OwnerOf(node, hers));
        Assert.Null(away.Move(hers.Ticket!).Error);
        away.SendOnChannel(0x4000, "here"u8);
        Assert.Equal("here"u8, peer.Receive());
        peer.Send(hers.Relayed, "there"u8);
        Assert.Equal("there"u8, away.Receive());

        RawClient New() => new(node.Listeners[0], "alice", "secret");
    }

    [Fact]
    public async Task A_flood_for_a_worker_that_cannot_keep_up_is_dropped_where_it_is_heard_and_nobody_else_notices()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "several workers need Linux");
        using var log = new HeldLog();
        using var node = Start(DataPath.Auto, log);
        using var home = New();
        var hers = home.AllocateMobile();
        var owner = OwnerOf(node, hers);
        Assert.Null(home.BindChannel(0x4000, TransportAddress.IPv4(0x7F000002, 9)).Error);
        using var away = Find(New, client => WorkerOf(node, 0, client), worker => worker != owner);
        var receiver = WorkerOf(node, 0, away);
        using var neighbour = Find(New, client => WorkerOf(node, 0, client), worker => worker == receiver);
        using var stuck = Find(New, client => WorkerOf(node, 0, client), worker => worker == owner);
        Assert.Null(away.Move(hers.Ticket!).Error);

        // The owner's thread waits in the line that says that another allocation began.
        log.Hold();
        var allocated = Task.Run(() => stuck.Allocate(), TestContext.Current.CancellationToken);
        log.AwaitHeld();
        for (var i = 0; i < 10 && node.Loops[receiver].CarriedLost == 0; i++)
        {
            for (var n = 0; n < Carriage.MostMedia; n++) away.SendOnChannel(0x4000, "flood"u8);
            Assert.Null(neighbour.Bind().Error);
        }

        Assert.NotEqual(0, node.Loops[receiver].CarriedLost);
        Assert.Null(neighbour.Allocate().Error);
        log.LetGo();
        Assert.Null((await allocated).Error);
        Assert.Null(away.Refresh(600).Error);
        Assert.Equal(away.Local, ClientOf(node, hers));

        RawClient New() => new(node.Listeners[0], "alice", "secret");
    }

    static TurnNode Start(DataPath path, ILogger log)
    {
        var rules = new TurnSettings
        {
            Realm = "example.org",
            Relays = [new(StreamStand.Loopback)],
            AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
            Mobility = true,
        };
        var settings = new TurnNodeSettings { Listen = [StreamStand.Loopback], Workers = Workers, Rules = rules, DataPath = path };
        return TurnNode.Start(settings, new CredentialVerifier(rules.Realm, [new("alice", "secret")], []), log);
    }

    /// <summary>A client that neither of these workers hears.</summary>
    static RawClient Elsewhere(StreamStand stand, ClientTransport transport, int owner, int? other = null) =>
        Someone(stand, transport, worker => worker != owner && worker != other);

    static RawClient Someone(StreamStand stand, ClientTransport transport, Func<int, bool> isRight) =>
        Find(() => stand.Client(transport), client => WorkerOf(stand, client, transport), isRight);

    /// <summary>Which worker hears a client the system decides: so there are as many as it takes. Those that were not right stay, since
    /// the end of one may still be counted when the next is looked at.</summary>
    static RawClient Find(Func<RawClient> make, Func<RawClient, int> workerOf, Func<int, bool> isRight)
    {
        while (true)
            if (make() is var client && isRight(workerOf(client)))
                return client;
    }

    static int WorkerOf(StreamStand stand, RawClient client, ClientTransport transport) =>
        WorkerOf(stand.Node, stand.Node.Listening.IndexOf(stand.Node.Listening.First(one => one.Transport == transport)), client);

    /// <summary>The one that counts what the client says, while nobody else speaks there.</summary>
    static int WorkerOf(TurnNode node, int listener, RawClient client)
    {
        var before = Received();
        client.Bind();
        var worker = -1;
        Await(() => (worker = Received().Zip(before).ToList().FindIndex(pair => pair.First > pair.Second)) >= 0,
            () => "no worker has counted it");
        return worker;

        ImmutableArray<long> Received() => [.. node.Loops.Select(loop => loop.Listeners[listener].Received)];
    }

    static void Await(Func<bool> holds, Func<string> otherwise) =>
        Assert.True(SpinWait.SpinUntil(holds, TimeSpan.FromSeconds(60)), otherwise());

    static int OwnerOf(TurnNode node, Answer allocated) => SessionOf(node, allocated).Relay.Worker.Value;

    static TransportAddress ClientOf(TurnNode node, Answer allocated) => SessionOf(node, allocated).Client.Client;

    static Session SessionOf(TurnNode node, Answer allocated) => node.Sessions().Single(session => session.Relayed == allocated.Relayed);
}
