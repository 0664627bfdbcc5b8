using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Transport;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>A node takes over settings while media runs through it, and ends as its operator said.</summary>
public sealed class ReloadTests : IDisposable
{
    const string Realm = "example.org";

    static readonly TransportAddress Loopback = TransportAddress.IPv4(0x7F000001, 0);

    static readonly TurnSettings Rules = new()
    {
        Realm = Realm, Relays = [new(Loopback)], AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
    };

    readonly List<IDisposable> _open = [];

    public void Dispose()
    {
        for (var i = _open.Count - 1; i >= 0; i--) _open[i].Dispose();
    }

    [Fact]
    public async Task Media_that_runs_through_a_hundred_reloads_of_all_that_can_change_loses_nothing()
    {
        var node = Start(new() { Listen = [Loopback], Rules = Rules });
        var (from, to) = (Client(node), Client(node));
        var (here, there) = (from.Allocate().Relayed, to.Allocate().Relayed);
        Assert.Null(from.BindChannel(0x4000, there).Error);
        Assert.Null(to.BindChannel(0x4000, here).Error);
        var (reloads, sent, lost) = (0, 0, 0);
        var changes = Task.Run(async () =>
        {
            for (; reloads < 100; reloads++)
            {
                await node.UseAsync(Verifier($"secret{reloads}"));
                await node.ApplyAsync(Rules with
                {
                    DenyPeers = [AddressRange.Parse($"198.51.{reloads}.0/24")],
                    StaticUserQuota = 10 + reloads,
                    MaxLifetime = TimeSpan.FromSeconds(1000 + reloads),
                    Alternates = [new(TransportAddress.IPv4(0xC0000207, 3478))],
                });
                await node.DrainAsync(reloads % 2 == 0);
            }
        }, TestContext.Current.CancellationToken);
        // So few are under way at a time that no buffer of the system can overflow: what is lost is lost here.
        while (!changes.IsCompleted)
        {
            for (var n = 0; n < 8; n++) from.SendOnChannel(0x4000, BitConverter.GetBytes(sent++));
            for (var n = 8; n > 0; n--) lost += BitConverter.ToInt32(to.Receive()) == sent - n ? 0 : 1;
        }

        await changes;
        Assert.Equal((100, 0), (reloads, lost));
        Assert.InRange(sent, 800, int.MaxValue);
        Assert.Equal(sent, node.Decisions.Sum(worker => worker.Traffic.ToClientPackets));
        Assert.Null(from.Refresh(600).Error);
    }

    [Fact]
    public async Task A_peer_that_is_denied_by_a_reload_hears_nothing_more_on_any_worker_once_the_reload_is_done()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "several workers need Linux");
        var node = Start(new() { Listen = [Loopback], Workers = 2, Rules = Rules });
        using var peer = UdpDatagrams.Open(TransportAddress.IPv4(0x7F000002, 0));
        RawClient[] clients = [.. Enumerable.Range(0, 8).Select(_ => Client(node))];
        foreach (var client in clients)
        {
            Assert.Null(client.Allocate().Error);
            Assert.Null(client.BindChannel(0x4000, peer.Local).Error);
            client.SendOnChannel(0x4000, "heard"u8);
        }

        var heard = 0;
        await Eventually.TrueAsync(() => (heard += Heard(peer)) == clients.Length);
        await node.ApplyAsync(Rules with { DenyPeers = [AddressRange.Parse("127.0.0.2/32")] });
        foreach (var client in clients) client.SendOnChannel(0x4000, "unheard"u8);
        // What was sent before it was dropped or relayed by the time that a later request is answered.
        foreach (var client in clients) Assert.Null(client.Refresh(600).Error);
        Assert.Equal(0, Heard(peer));
        Assert.Equal(8, node.Decisions.Sum(worker => worker.Drops(DropReason.NoChannel)));
    }

    [Fact]
    public async Task A_farewell_waits_for_what_lives_turns_away_what_is_new_and_is_over_with_the_last()
    {
        var audit = Path.GetTempFileName();
        try
        {
            var node = Start(new() { Listen = [Loopback], Rules = Rules, DrainPatience = TimeSpan.FromMinutes(10), AuditFile = audit });
            var lives = Client(node);
            Assert.Null(lives.Allocate().Error);
            var farewell = node.FarewellAsync();
            await Eventually.TrueAsync(() => node.DrainsSince is not null);
            await Eventually.TrueAsync(() => Client(node).Allocate().Error == Stun.ErrorCode.InsufficientCapacity);
            Assert.False(farewell.IsCompleted);
            Assert.Null(lives.Refresh(0).Error);
            await farewell.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            Assert.Empty(node.Sessions());
        }
        finally
        {
            File.Delete(audit);
        }
    }

    [Fact]
    public void A_node_that_is_stopped_writes_an_end_for_all_that_lived()
    {
        var audit = Path.GetTempFileName();
        try
        {
            var node = Start(new() { Listen = [Loopback], Rules = Rules, AuditFile = audit });
            for (var n = 0; n < 20; n++) Assert.Null(Client(node).Allocate().Error);
            node.Dispose();
            var lines = Audit.AuditFileTests.ReadLines(audit);
            var ends = lines.Where(line => line.GetProperty("event").GetString() == "allocationEnded").ToArray();
            Assert.All(ends, end => Assert.Equal("stopped", end.GetProperty("reason").GetString()));
            Assert.Equal(20, ends.Select(end => end.GetProperty("id").GetString()).Distinct().Count());
            Assert.Equal(40, lines.Length);
        }
        finally
        {
            File.Delete(audit);
        }
    }

    [Fact]
    public async Task Settings_that_make_no_sense_are_refused_and_change_nothing()
    {
        var node = Start(new() { Listen = [Loopback], Rules = Rules });
        var refused = await Assert.ThrowsAsync<RefusedException>(() => node.ApplyAsync(Rules with { Redirection = Redirection.Always }));
        Assert.Contains("alternate server is needed", refused.Message, StringComparison.Ordinal);
        Assert.Null(Client(node).Allocate().Error);
    }

    [Fact]
    public async Task Strangers_write_no_line_into_the_log_however_often_they_come()
    {
        using var log = new CountingLog();
        var node = Start(new() { Listen = [Loopback], Rules = Rules }, log);
        using (var stranger = new RawClient(node.Listeners[0], "mallory", "guess"))
            for (var n = 0; n < 500; n++)
            {
                Assert.Equal(Stun.ErrorCode.Unauthenticated, stranger.Allocate().Error);
                stranger.SendRaw("garbage"u8);
                stranger.SendOnChannel(0x4000, "x"u8);
            }

        Assert.Empty(log.Lines);
        Assert.Null(Client(node).Allocate().Error);
        await Eventually.TrueAsync(() => log.Lines.Length == 1);
    }

    static int Heard(UdpDatagrams peer)
    {
        var room = new DatagramBatch(40, front: 0, back: 0);
        peer.Receive(room, room.Free, out _);
        return room.Count;
    }

    static CredentialVerifier Verifier(string secret) =>
        new(Realm, [new("alice", "secret")], [new(Credentials.SecretHash.Sha1, System.Text.Encoding.UTF8.GetBytes(secret))]);

    TurnNode Start(TurnNodeSettings settings, ILogger? log = null)
    {
        var node = TurnNode.Start(settings, Verifier("first"), log ?? NullLogger.Instance);
        _open.Add(node);
        return node;
    }

    RawClient Client(TurnNode node)
    {
        var client = new RawClient(node.Listeners[0], "alice", "secret");
        _open.Add(client);
        return client;
    }

    sealed class CountingLog : ILogger, IDisposable
    {
        ImmutableArray<string> _lines = [];

        public ImmutableArray<string> Lines => _lines;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel level) => level >= LogLevel.Information;

        public void Log<TState>(
            LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            ImmutableInterlocked.Update(ref _lines, lines => lines.Add(formatter(state, exception)));

        public void Dispose()
        {
        }
    }
}
