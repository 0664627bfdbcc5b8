using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;
using Portunus.Tests.Io.Tls;
using Portunus.Tests.Io.Up;
using Portunus.Turn;

namespace Portunus.Tests.Io.Transfer;

/// <summary>Pull over real TLS: what an edge tells to whom, and what a TURN server makes of it.</summary>
public sealed class FetchListenerTests : IAsyncLifetime
{
    const string Realm = "ims.example.net";
    const string Edge = "edge1.example.net";
    const string Reader = "turn1.example.net";
    const string Path = $"/v1/realms/{Realm}/credentials";

    readonly Authority _operator = new();
    readonly RecordedLog _log = new();
    readonly List<IDisposable> _open = [];
    TurnSide _turn = null!;
    TransferNode _edge = null!;
    FetchListenerSettings _settings = null!;
    FetchListener _listener = null!;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _turn = await new TurnSide(_operator, "turn1", Realm, Edge).StartAsync();
        _edge = StartEdge();
        // While its set is on its way, it tells nothing.
        await Eventually.TrueAsync(
            () => _log.Lines.Any(line => line.Contains(nameof(TransferEvent.Synchronised), StringComparison.Ordinal)));
        _settings = new()
        {
            Listen = new(IPAddress.Loopback, 0),
            Tls = _operator.Server(Edge),
            Readers = new Dictionary<string, string> { [Reader] = "turn1" }.ToImmutableDictionary(),
        };
        _listener = await FetchListener.StartAsync(_settings, _edge, NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var thing in _open) thing.Dispose();
        await _listener.DisposeAsync();
        _edge.Dispose();
        await _turn.DisposeAsync();
        _operator.Dispose();
    }

    [Fact]
    public async Task Every_answer_that_the_document_describes_is_given_and_no_other()
    {
        Assert.Equal(OpenApi.Edge.Operations, _listener.Served.Select(served => $"{served.Method} {served.Path}"));
        Assert.True(await KeepAsync("alice"));
        var (turn, stranger) = (Client(Reader), Client("page.example.net"));
        var seen = new HashSet<string>();
        foreach (var (client, path) in new[]
        {
            (turn, $"{Path}/alice"), (turn, $"{Path}/nobody"), (turn, $"{Path}/a%20b"), (stranger, $"{Path}/alice"),
            (turn, $"{Path}/alice".Replace(Realm, "other.example.net", StringComparison.Ordinal)),
        })
        {
            using var answer = await client.GetAsync(path, Stop);
            Assert.True(answer.Headers.CacheControl?.NoStore);
            seen.Add($"GET /v1/realms/{{realm}}/credentials/{{username}} {(int)answer.StatusCode}");
        }

        // An edge that stops cannot tell, as one whose set is on its way.
        var stopped = StartEdge();
        await using var listener = await FetchListener.StartAsync(_settings, stopped, NullLoggerFactory.Instance);
        stopped.Dispose();
        using var later = await Client(Reader, listener).GetAsync($"{Path}/alice", Stop);
        seen.Add($"GET /v1/realms/{{realm}}/credentials/{{username}} {(int)later.StatusCode}");
        Assert.Equal(OpenApi.Edge.Answers.Order(), seen.Order());
        using var body = JsonDocument.Parse(await turn.GetStringAsync($"{Path}/alice", Stop));
        Assert.Equal(
            ["expires", "keyMd5", "keySha256", "registration", "sequence"],
            body.RootElement.EnumerateObject().Select(member => member.Name).Order());
        using var elsewhere = await turn.GetAsync("/v1/epoch", Stop);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Fact]
    public async Task What_is_found_stands_in_the_table_until_it_is_withdrawn_and_is_not_brought_back()
    {
        using var finder = Finder(new FinderTarget(Edge, At(_listener)));
        Assert.IsType<TurnAnswer.CredentialUnknown>(await finder.FindAsync("alice", Stop));
        Assert.True(await KeepAsync("alice"));
        Assert.False(_turn.Knows("alice"));
        Assert.IsType<TurnAnswer.CredentialFound>(await finder.FindAsync("alice", Stop));
        Assert.True(_turn.Knows("alice"));
        _edge.Withdraw(new(Realm, "alice", "reg-alice", 9, []));
        await Eventually.TrueAsync(() => !_turn.Knows("alice"));
        Assert.IsType<TurnAnswer.CredentialUnknown>(await finder.FindAsync("alice", Stop));
    }

    [Fact]
    public async Task Of_several_edges_the_one_that_knows_is_enough_and_one_that_is_down_makes_nobody_unknown()
    {
        var down = new FinderTarget("edge2.example.net", new("https://localhost:1/"));
        using var both = Finder(down, new FinderTarget(Edge, At(_listener)));
        await KeepAsync("alice");
        Assert.IsType<TurnAnswer.CredentialFound>(await both.FindAsync("alice", Stop));
        Assert.IsType<TurnAnswer.CredentialUnavailable>(await both.FindAsync("nobody", Stop));
        // Whose patience is over is answered at once.
        Assert.IsType<TurnAnswer.CredentialUnavailable>(await both.FindAsync("alice", new CancellationToken(canceled: true)));
        Assert.DoesNotContain(_log.Lines, line => line.Contains("0101010101", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_edge_of_another_operator_or_under_another_name_is_not_believed()
    {
        using var stranger = new Authority("Stranger");
        await using var foreign = await FetchListener.StartAsync(
            _settings with { Tls = stranger.Server(Edge) with { Authorities = _operator.RootFile } }, _edge,
            NullLoggerFactory.Instance);
        await KeepAsync("alice");
        using var finder = Finder(new FinderTarget(Edge, At(foreign)));
        Assert.IsType<TurnAnswer.CredentialUnavailable>(await finder.FindAsync("alice", Stop));
        Assert.False(_turn.Knows("alice"));
    }

    [Fact]
    public async Task Settings_that_cannot_work_are_refused_in_sentences()
    {
        foreach (var (wrong, word) in new (FetchListenerSettings, string)[]
        {
            (_settings with { Readers = _settings.Readers.Clear() }, "Name at least one TURN server"),
            (_settings with { Readers = _settings.Readers.Add("turn2.example.net", "turn9") }, "'turn9'"),
            (_settings with { Readers = _settings.Readers.Add("TURN1.example.net", "turn1") }, "named twice"),
            (_settings with { Listen = _listener.Address }, "taken"),
        })
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(() =>
                FetchListener.StartAsync(wrong, _edge, NullLoggerFactory.Instance));
            Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        }

        var edge = new FinderTarget(Edge, At(_listener));
        foreach (var (wrong, word) in new (FinderTarget[], string)[]
        {
            ([], "1 to 8 edges"), ([edge, edge], "named twice"), ([edge with { Name = "127.0.0.1" }], "no dNSName"),
            ([edge with { Address = new("http://localhost/") }], "https://"),
        })
            Assert.Contains(word, Assert.Throws<RefusedException>(() => Finder(wrong)).Message, StringComparison.Ordinal);
    }

    static Uri At(FetchListener listener) => new($"https://localhost:{listener.Address.Port}/");

    CredentialFinder Finder(params FinderTarget[] edges) => CredentialFinder.Start(
        new() { Edges = [.. edges], Tls = _operator.Client(Reader) }, _turn.Table, _ => Task.CompletedTask, _log);

    TransferNode StartEdge() => TransferNode.Start(new() { Servers = [_turn.Target], Tls = _operator.Client(Edge) }, _log);

    HttpClient Client(string name, FetchListener? listener = null)
    {
        var identity = TlsIdentity.Load(_operator.Client(name));
        _open.Add(identity);
        var client = new HttpClient(new SocketsHttpHandler { SslOptions = identity.ForClient() })
        {
            BaseAddress = At(listener ?? _listener),
        };
        _open.Add(client);
        return client;
    }

    Task<bool> KeepAsync(string username)
    {
        byte[] key = [.. Enumerable.Repeat((byte)1, 32)];
        return _edge.KeepAsync(
            new(Realm, username, LongTermKey.From(PasswordAlgorithm.Md5, key.AsSpan(0, 16)),
                LongTermKey.From(PasswordAlgorithm.Sha256, key), SystemClock.Now.UnixSeconds + 600, $"reg-{username}", 1,
                CredentialLimits.None), Stop);
    }
}
