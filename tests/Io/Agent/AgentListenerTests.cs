using System.Collections.Immutable;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Agent;
using Portunus.Nodes.Transfer;
using Portunus.Tests.Io.Architecture;
using Portunus.Tests.Io.Tls;
using Portunus.Turn;

namespace Portunus.Tests.Io.Agent;

/// <summary>The control agent over real TLS, asked by a client that knows ng and nothing of our own.</summary>
public sealed class AgentListenerTests : IAsyncLifetime
{
    const string Realm = "ims.example.net";
    const string Edge = "edge1.example.net";
    const string OtherEdge = "edge2.example.net";

    readonly Authority _operator = new();
    readonly PushedCredentials _table = new(Realm, new SystemRandom(), new() { PerEdge = 3 });
    readonly List<string> _ended = [];
    Func<Task> _end = () => Task.CompletedTask;
    CredentialListenerSettings _settings = null!;
    AgentListener _agent = null!;
    ControlConnection _edge = null!;

    public async ValueTask InitializeAsync()
    {
        _settings = new()
        {
            Listen = new(IPAddress.Loopback, 0),
            Tls = _operator.Server("agw1.example.net"),
            Writers = new Dictionary<string, ImmutableArray<string>> { [Edge] = [Realm, "other.example.net"], [OtherEdge] = [Realm] }
                .ToImmutableDictionary(),
        };
        _agent = AgentListener.Start(_settings, _table, EndAsync, NullLoggerFactory.Instance);
        _edge = await ControlConnection.OpenAsync(_agent.Address, _operator.Client(Edge));
    }

    public async ValueTask DisposeAsync()
    {
        _edge.Dispose();
        await _agent.DisposeAsync();
        _operator.Dispose();
    }

    [Fact]
    public async Task A_ping_is_answered_and_of_a_realm_with_the_epoch()
    {
        Assert.Equal("""{"result":"pong"}""", (await _edge.AskAsync("""{"command":"ping"}""")).GetRawText());
        var pong = await _edge.AskAsync($$"""{"command":"ping","turn-realm":"{{Realm}}"}""");
        Assert.Equal(("pong", _table.EpochOf(Edge)), (Result(pong), Number(pong, "turn-epoch")));
    }

    [Theory]
    [InlineData("""{"command":"offer","call-id":"x","from-tag":"y","sdp":"v=0","ICE":"remove","flags":["trust-address"]}""")]
    [InlineData("""{"command":"answer","call-id":"x","from-tag":"y","to-tag":"z","sdp":"v=0"}""")]
    [InlineData("""{"command":"delete","call-id":"x","from-tag":"y"}""")]
    [InlineData("""{"command":"query","call-id":"x"}""")]
    [InlineData("""{"command":"offer","call-id":"alice"}""")]
    public async Task What_concerns_media_is_refused_with_a_reason(string request)
    {
        var answer = await _edge.AskAsync(request);
        Assert.Equal("error", Result(answer));
        Assert.StartsWith("No media gateway is behind this agent", Reason(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_offer_with_media_and_a_credential_does_neither()
    {
        var both = Offer("alice", 5).Replace("\"command\"", "\"sdp\":\"v=0\",\"command\"", StringComparison.Ordinal);
        Assert.Equal("error", Result(await _edge.AskAsync(both)));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public async Task A_credential_is_told_renewed_repeated_and_withdrawn()
    {
        Assert.Equal("ok", Result(await PutAsync("alice", 5)));
        Assert.Equal("ok", Result(await PutAsync("alice", 6)));
        Assert.Equal("ok", Result(await PutAsync("alice", 6)));
        var older = await PutAsync("alice", 4);
        Assert.Equal(("error", "older", 6ul), (Result(older), Reason(older), Number(older, "turn-sequence")));
        Assert.Equal("wrong epoch", Reason(await PutAsync("alice", 8, epoch: 1)));
        Assert.Equal("ok", Result(await DeleteAsync("alice", 9)));
        Assert.Equal(["reg-alice"], _ended);
        Assert.Equal("older", Reason(await PutAsync("alice", 8)));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public async Task A_whole_set_ends_what_is_not_in_it_and_what_cannot_be_taken_is_named()
    {
        await PutAsync("old", 5);
        var stale = Named("late", 6, SystemClock.Now.UnixSeconds - 1);
        var set = $$"""{"command":"ping","turn-realm":"{{Realm}}","turn-sequence":10,"turn-credentials":[{{Named("new", 7)}},{{stale}}]}""";
        Assert.Equal("wrong epoch", Reason(await _edge.AskAsync(set)));
        var before = _table.EpochOf(Edge);
        var answer = await _edge.AskAsync(set.Replace(
            "\"turn-sequence\"", $"\"turn-epoch\":{before},\"turn-sequence\"", StringComparison.Ordinal));
        Assert.Equal(("ok", _table.EpochOf(Edge)), (Result(answer), Number(answer, "turn-epoch")));
        Assert.Equal("wrong epoch", Reason(await PutAsync("late", 11, epoch: before)));
        Assert.Equal("late", answer.GetProperty("turn-refused").EnumerateArray().Single().GetString());
        Assert.Equal(["reg-old"], _ended);
        Assert.True(_table.TryFind(SystemClock.Now, "new"u8, out PushedCredential? _));
        await PutAsync("a", 11);
        await PutAsync("b", 12);
        Assert.Equal("full", Reason(await PutAsync("c", 13)));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"command":"start recording"}""")]
    [InlineData("""{"command":"offer","turn-realm":"ims.example.net","call-id":"alice","turn-credential":{}}""")]
    [InlineData("""{"command":"offer","turn-realm":"ims.example.net","call-id":"alice","turn-credential":null}""")]
    [InlineData("""{"command":"delete","turn-realm":"ims.example.net","call-id":"a/b","turn-sequence":5}""")]
    [InlineData("""{"command":"delete","turn-realm":"ims.example.net","call-id":"alice","turn-sequence":0}""")]
    [InlineData("""{"command":"delete","turn-realm":"ims.example.net","call-id":"alice","turn-sequence":-5}""")]
    [InlineData("""{"command":"ping","turn-realm":"other.example.net"}""")]
    [InlineData("""{"command":"ping","turn-realm":"third.example.net"}""")]
    [InlineData("""{"command":"ping","turn-realm":"ims.example.net","turn-credentials":[]}""")]
    [InlineData("""{"command":"ping","turn-realm":"ims.example.net","turn-sequence":5,"turn-credentials":[null]}""")]
    public async Task What_is_malformed_or_not_this_edges_is_an_error_and_the_connection_lives(string request)
    {
        Assert.Equal("error", Result(await _edge.AskAsync(request)));
        Assert.Equal("pong", Result(await _edge.AskAsync("""{"command":"ping"}""")));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public async Task A_line_without_a_cookie_is_passed_over()
    {
        foreach (var line in new[] { "", " ", "alone", " {\"command\":\"ping\"}", new string('c', 65) + " {\"command\":\"ping\"}" })
            await _edge.SendAsync(line);
        Assert.Equal("pong", Result(await _edge.AskAsync("""{"command":"ping"}""")));
    }

    [Fact]
    public async Task A_withdrawal_that_waits_for_its_relays_to_end_does_not_hold_up_others()
    {
        await PutAsync("alice", 5);
        var relays = new TaskCompletionSource();
        _end = () => relays.Task;
        await _edge.SendAsync("slow " + Delete("alice", 6));
        Assert.Equal("pong", Result(await _edge.AskAsync("""{"command":"ping"}""")));
        relays.SetResult();
        Assert.Equal("""slow {"result":"ok"}""", await _edge.ReceiveAsync());
    }

    [Fact]
    public async Task A_newer_connection_of_an_edge_takes_the_place_of_the_older()
    {
        Assert.Equal("pong", Result(await _edge.AskAsync("""{"command":"ping"}""")));
        using var newer = await ControlConnection.OpenAsync(_agent.Address, _operator.Client(Edge));
        Assert.Equal("pong", Result(await newer.AskAsync("""{"command":"ping"}""")));
        Assert.Null(await _edge.ReceiveAsync());
        Assert.Equal("pong", Result(await newer.AskAsync("""{"command":"ping"}""")));
    }

    [Fact]
    public async Task A_username_belongs_to_the_edge_that_made_it()
    {
        await PutAsync("alice", 5);
        using var other = await ControlConnection.OpenAsync(_agent.Address, _operator.Client(OtherEdge));
        var claimed = await other.AskAsync(Offer("alice", 9, _table.EpochOf(OtherEdge)));
        Assert.Equal("A username belongs to the edge that made it.", Reason(claimed));
        Assert.Equal("error", Result(await other.AskAsync(Delete("alice", 9))));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public async Task Who_is_not_in_the_configuration_or_of_another_operator_is_not_heard()
    {
        using var stranger = new Authority("Stranger");
        foreach (var files in new[]
        {
            _operator.Client("page.example.net"), _operator.Expired(Edge),
            stranger.Client(Edge) with { Authorities = _operator.RootFile },
        })
        {
            using var connection = await ControlConnection.OpenAsync(_agent.Address, files);
            string? heard;
            try
            {
                await connection.SendAsync("1 " + Offer("alice", 5));
                heard = await connection.ReceiveAsync();
            }
            catch (IOException)
            {
                heard = null;
            }

            Assert.Null(heard);
        }

        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void Settings_that_cannot_work_are_refused_in_a_sentence()
    {
        var taken = Assert.Throws<RefusedException>(() => AgentListener.Start(
            _settings with { Listen = _agent.Address }, _table, EndAsync, NullLoggerFactory.Instance));
        Assert.Contains("taken", taken.Message, StringComparison.Ordinal);
        var nobody = Assert.Throws<RefusedException>(() => AgentListener.Start(
            _settings with { Writers = _settings.Writers.Clear() }, _table, EndAsync, NullLoggerFactory.Instance));
        Assert.Contains("Name at least one edge", nobody.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fields_that_credentials_add_to_ng_are_as_many_as_are_written_down()
    {
        var fields = new[] { typeof(AgentMessage.Request), typeof(AgentMessage.Answer) }
            .SelectMany(type => type.GetProperties())
            .Select(property => property.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name)
            .Where(name => name.StartsWith("turn-", StringComparison.Ordinal)).Distinct().ToArray();
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "approach2.md"));
        Assert.All(fields, field => Assert.Contains($"| `{field}` |", document, StringComparison.Ordinal));
        Assert.Contains($"0 new interfaces, {fields.Length} new fields", document, StringComparison.Ordinal);
    }

    async Task EndAsync(IReadOnlyCollection<string> registrations)
    {
        _ended.AddRange(registrations);
        await _end();
    }

    Task<JsonElement> PutAsync(string username, ulong sequence, ulong? epoch = null) =>
        _edge.AskAsync(Offer(username, sequence, epoch));

    Task<JsonElement> DeleteAsync(string username, ulong sequence) => _edge.AskAsync(Delete(username, sequence));

    string Offer(string username, ulong sequence, ulong? epoch = null) =>
        $$"""{"command":"offer","call-id":"{{username}}","turn-realm":"{{Realm}}","turn-epoch":{{epoch ?? _table.EpochOf(Edge)}},"""
        + $$"""
            "turn-credential":{{Body(username, sequence)}}}
            """;

    static string Delete(string username, ulong sequence) =>
        $$"""{"command":"delete","call-id":"{{username}}","turn-realm":"{{Realm}}","turn-sequence":{{sequence}}}""";

    static string Named(string username, ulong sequence, long? expires = null) =>
        $$"""{"username":"{{username}}",{{Body(username, sequence, expires)[1..]}}""";

    static string Body(string username, ulong sequence, long? expires = null) =>
        $$"""{"keyMd5":"{{new string('a', 32)}}","keySha256":"{{new string('b', 64)}}","registration":"reg-{{username}}","""
        + $$"""
            "expires":{{expires ?? SystemClock.Now.UnixSeconds + 600}},"sequence":{{sequence}}}
            """;

    static string? Result(JsonElement answer) => answer.GetProperty("result").GetString();

    static string? Reason(JsonElement answer) => answer.GetProperty("error-reason").GetString();

    static ulong Number(JsonElement answer, string name) => answer.GetProperty(name).GetUInt64();
}
