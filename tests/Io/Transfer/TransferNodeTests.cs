using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes;
using Portunus.Nodes.Transfer;
using Portunus.Tests.Io.Tls;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Io.Transfer;

/// <summary>Both ends of the interface for credentials, over real TLS between an edge and its TURN servers.</summary>
public sealed class TransferNodeTests : IAsyncLifetime
{
    const string Realm = "ims.example.net";
    const string Edge = "edge1.example.net";

    readonly Authority _operator = new();
    readonly RecordedLog _log = new();
    readonly List<TurnSide> _servers = [];
    TransferNode? _edge;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "turn1", "turn2", "turn3" })
            _servers.Add(await new TurnSide(_operator, name, Realm, Edge).StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _edge?.Dispose();
        foreach (var server in _servers) await server.DisposeAsync();
        _operator.Dispose();
    }

    [Fact]
    public async Task A_credential_is_known_to_all_servers_when_it_is_acknowledged_and_to_none_after_its_withdrawal()
    {
        var ended = new ConcurrentBag<string>();
        foreach (var server in _servers)
            server.End = registrations =>
            {
                foreach (var one in registrations) ended.Add(one);
                return Task.CompletedTask;
            };
        await StartAsync();
        Assert.Equal(["turn1", "turn2", "turn3"], (await PushAsync("alice")).Order());
        Assert.All(_servers, server => Assert.True(server.Knows("alice")));
        Assert.Equal(["turn2"], await PushAsync("bob", "turn2"));
        Assert.False(_servers[0].Knows("bob"));
        _edge!.Withdraw(new(Realm, "alice", "reg-alice", 0, []));
        await Eventually.TrueAsync(() => ended.Count == 3 && _servers.TrueForAll(server => !server.Knows("alice")));
        Assert.All(ended, registration => Assert.Equal("reg-alice", registration));
        // Keys pass over the wire and stand in no line of the log.
        Assert.DoesNotContain(_log.Lines, line => line.Contains("0101010101", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_of_three_is_down_and_is_not_named_and_knows_all_when_it_is_back()
    {
        await StartAsync();
        await _servers[1].StopAsync();
        Assert.Equal(["turn1", "turn3"], (await PushAsync("alice")).Order());
        await _servers[1].StartAsync();
        await Eventually.TrueAsync(() => _servers[1].Knows("alice"));
        await Eventually.TrueAsync(async () => (await PushAsync("bob")).Count == 3);
    }

    [Fact]
    public async Task A_server_that_lost_its_memory_is_told_the_whole_set_again()
    {
        await StartAsync();
        for (var i = 0; i < 50; i++) Assert.Equal(3, (await PushAsync($"user{i}")).Count);
        await _servers[0].StopAsync();
        await _servers[0].StartAsync();
        await Eventually.TrueAsync(() => _servers[0].Table.Count == 50);
    }

    [Fact]
    public async Task What_an_edge_left_behind_ends_when_it_begins_anew()
    {
        await StartAsync();
        await PushAsync("orphan");
        _edge!.Dispose();
        Assert.All(_servers, server => Assert.True(server.Knows("orphan")));
        await StartAsync();
        await Eventually.TrueAsync(() => _servers.TrueForAll(server => !server.Knows("orphan")));
        Assert.Equal(3, (await PushAsync("alice")).Count);
    }

    [Fact]
    public async Task When_nobody_waits_any_longer_those_are_named_that_have_acknowledged()
    {
        await StartAsync();
        await PushAsync("alice");
        // The third server answers the next push after it has ended the registration before, which takes for ever.
        var never = new TaskCompletionSource();
        _servers[2].End = _ => never.Task;
        Assert.Equal(["turn1", "turn2"], (await PushAsync("alice", patience: 10, registration: "another")).Order());
        never.SetResult();
        // What could not be said in time has been said all the same.
        Assert.True(_servers[2].Knows("alice"));
    }

    [Fact]
    public async Task Hundreds_at_once_are_all_acknowledged()
    {
        await StartAsync();
        var all = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => PushAsync($"user{i}", patience: 30)));
        Assert.All(all, servers => Assert.Equal(3, servers.Count));
        Assert.All(_servers, server => Assert.Equal(300, server.Table.Count));
    }

    [Fact]
    public async Task A_server_of_another_operator_or_under_another_name_hears_nothing()
    {
        using var stranger = new Authority("Stranger");
        await using var foreign = await new TurnSide(stranger, "turn1", Realm, Edge).StartAsync();
        var elsewhere = new UriBuilder(_servers[1].Target.Address) { Host = "127.0.0.2" }.Uri;
        var misnamed = _servers[1].Target with { Name = "misnamed", Address = elsewhere };
        Start(foreign.Target, misnamed, _servers[2].Target);
        await Eventually.TrueAsync(() => Reports(TransferEvent.Synchronised) == 1);
        Assert.Equal(["turn3"], await PushAsync("alice", "turn1", "misnamed", "turn3"));
        Assert.False(foreign.Knows("alice"));
        Assert.False(_servers[1].Knows("alice"));
    }

    [Fact]
    public void Settings_and_files_that_cannot_work_are_refused_in_a_sentence()
    {
        var files = _operator.Client(Edge);
        var plain = _servers[0].Target with { Address = new("http://localhost:1/") };
        foreach (var (settings, word) in new (TransferNodeSettings, string)[]
        {
            (new() { Servers = [], Tls = files }, "1 to 16"),
            (new() { Servers = [plain], Tls = files }, "https://"),
            (new() { Servers = [_servers[0].Target, _servers[0].Target], Tls = files }, "twice"),
            (new() { Servers = [_servers[0].Target], Tls = files with { Certificate = "/nowhere" } }, "/nowhere"),
        })
        {
            var refused = Assert.Throws<RefusedException>(() => TransferNode.Start(settings, _log));
            Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        }
    }

    void Start(params TransferTarget[] servers) =>
        _edge = TransferNode.Start(new()
        {
            Servers = [.. servers],
            Tls = _operator.Client(Edge),
            // A loaded machine may take longer than a WIC would wait.
            Rules = new() { Servers = [], RequestDeadline = TimeSpan.FromSeconds(30) },
        }, _log);

    /// <summary>The edge, when all servers have been told its empty set.</summary>
    async Task StartAsync()
    {
        var before = Reports(TransferEvent.Synchronised);
        Start([.. _servers.Select(server => server.Target)]);
        await Eventually.TrueAsync(() => Reports(TransferEvent.Synchronised) == before + 3);
    }

    int Reports(TransferEvent what) => _log.Lines.Count(line => line.Contains(what.ToString(), StringComparison.Ordinal));

    Task<IReadOnlyList<string>> PushAsync(string username, params string[] servers) => PushAsync(username, 20, servers: servers);

    async Task<IReadOnlyList<string>> PushAsync(
        string username, double patience, string? registration = null, params string[] servers)
    {
        byte[] key = [.. Enumerable.Repeat((byte)1, 32)];
        var credential = new PushedCredential(
            Realm, username, LongTermKey.From(PasswordAlgorithm.Md5, key.AsSpan(0, 16)),
            LongTermKey.From(PasswordAlgorithm.Sha256, key), SystemClock.Now.UnixSeconds + 600,
            registration ?? $"reg-{username}", 0, new() { MaxAllocations = 4, Peers = ["192.0.2.0/24"] });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        end.CancelAfter(TimeSpan.FromSeconds(patience));
        return await _edge!.PushAsync(credential, servers.Length > 0 ? servers : ["turn1", "turn2", "turn3"], end.Token);
    }
}
