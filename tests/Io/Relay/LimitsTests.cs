using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>Limits over real sockets: floods from many addresses of loopback, bandwidth, quotas.</summary>
public sealed class LimitsTests : IDisposable
{
    static readonly TransportAddress Loopback = TransportAddress.From(new IPEndPoint(IPAddress.Loopback, 0));

    readonly List<IDisposable> _open = [];

    public void Dispose()
    {
        foreach (var thing in Enumerable.Reverse(_open)) thing.Dispose();
    }

    [Theory]
    [InlineData(256)]
    [InlineData(20_000)]
    public void A_flood_from_many_addresses_is_answered_with_no_more_bytes_than_it_brought_and_others_allocate(int sources)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux gives all of 127/8 to anybody");
        // The least budget: a flood of 10,000 a second is more than a loaded machine may be able to send.
        var node = Start(rules => rules with
        {
            Unauthenticated = UnauthenticatedLimits.Of(answers: 5, UnauthenticatedLimits.LeastBudget),
        });
        var known = Client(node);
        Assert.Null(known.Allocate().Error);

        long received = 0, sent = 0;
        var server = node.Listeners[0].ToIPEndPoint();
        var request = new byte[20];
        var seeds = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            // 127.16.0.0 and on: each source has one socket for a moment, whose answers nobody reads.
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(TransportAddress.IPv4(0x7F100000u + (uint)(i % sources), 0).ToIPAddress(), 0));
            var transaction = new byte[12];
            seeds.NextBytes(transaction);
            _ = new StunWriter(request, StunClass.Request, StunMethod.Allocate, TransactionId.Read(transaction));
            socket.SendTo(request, server);
            // In the midst of it, an honest client of its own address each time, and the known one.
            if (i % 2000 != 1999) continue;
            var client = Client(node, $"127.32.0.{i / 2000}");
            Assert.Null(client.Allocate().Error);
            Assert.Null(known.Refresh(600).Error);
        }

        foreach (var decisions in node.Decisions)
            (received, sent) = (received + decisions.UnauthenticatedBytesReceived, sent + decisions.UnauthenticatedBytesSent);
        TestContext.Current.SendDiagnosticMessage($"{sources} sources: {sent} bytes out for {received} in");
        Assert.InRange(received, 20_000, long.MaxValue);
        Assert.InRange((double)sent / received, 0.01, 1.0);
        Assert.NotEqual(0, node.Decisions.Sum(d => d.Drops(DropReason.BudgetSpent) + d.Drops(DropReason.SourceLimit)));
    }

    [Fact]
    public void Bandwidth_of_a_user_is_policed_over_two_workers()
    {
        var workers = OperatingSystem.IsLinux() ? 2 : 1;
        var node = Start(rules => rules with { MaxPps = 20 }, workers);
        var (alice, bob) = (Client(node), Client(node, user: "bob"));
        var (hers, his) = (alice.Allocate(), bob.Allocate());
        Assert.Null(alice.BindChannel(0x4000, his.Relayed).Error);
        Assert.Null(bob.Permit(hers.Relayed).Error);
        for (var i = 0; i < 200; i++) alice.SendOnChannel(0x4000, [(byte)i]);
        Assert.Equal([0], bob.Receive());
        // Some at once, and twenty a second while a loaded machine sends two hundred; all is counted, soon.
        Assert.True(
            SpinWait.SpinUntil(() => Passed() + Policed() >= 200, TimeSpan.FromSeconds(60)), $"{Passed()} passed, {Policed()} did not");
        Assert.InRange(Passed(), 5, 199);

        long Passed() => node.Decisions.Sum(d => d.Traffic.ToPeerPackets);
        long Policed() => node.Decisions.Sum(d => d.Drops(DropReason.PolicedToPeer));
    }

    [Fact]
    public void Addresses_and_the_server_have_quotas_that_end_with_what_is_on_them()
    {
        var node = Start(rules => rules with { AddressQuota = 2, TotalQuota = 3 });
        var first = Client(node, "127.40.0.1");
        Assert.Null(first.Allocate().Error);
        Assert.Null(Client(node, "127.40.0.1").Allocate().Error);
        Assert.Equal(ErrorCode.AllocationQuotaReached, Client(node, "127.40.0.1").Allocate().Error);
        Assert.Null(Client(node, "127.40.0.2").Allocate().Error);
        Assert.Equal(ErrorCode.InsufficientCapacity, Client(node, "127.40.0.2").Allocate().Error);
        Assert.Null(first.Refresh(0).Error);
        Assert.Null(Client(node, "127.40.0.2").Allocate().Error);
    }

    TurnNode Start(Func<TurnSettings, TurnSettings> rules, int workers = 1)
    {
        var settings = rules(new()
        {
            Realm = "example.org", Relays = [new(Loopback)], AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
        });
        var verifier = new CredentialVerifier(settings.Realm, [new("alice", "secret"), new("bob", "secret")], []);
        return Open(TurnNode.Start(
            new() { Listen = [Loopback], Workers = workers, Rules = settings }, verifier, NullLogger.Instance));
    }

    RawClient Client(TurnNode node, string? from = null, string user = "alice") =>
        Open(new RawClient(node.Listeners[0], user, "secret", from: from is null ? null : IPAddress.Parse(from)));

    T Open<T>(T thing) where T : IDisposable
    {
        _open.Add(thing);
        return thing;
    }
}
