using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes;
using Portunus.Nodes.Agent;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;
using Portunus.Tests.Io.Tls;
using Portunus.Tests.Io.Up;
using Portunus.Turn;

namespace Portunus.Tests.Io.Agent;

/// <summary>The edge's end of the control connection: the same machine as over HTTP, and what comes of a connection that
/// breaks.</summary>
public sealed class AgentClientTests : IAsyncDisposable
{
    const string Realm = "ims.example.net";
    const string Edge = "edge1.example.net";

    readonly Authority _operator = new();
    readonly RecordedLog _log = new();
    AgentListener? _agent;
    PushedCredentials _table = null!;
    int _port;
    TransferNode? _edge;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _edge?.Dispose();
        if (_agent is not null) await _agent.DisposeAsync();
        _operator.Dispose();
    }

    [Fact]
    public async Task Hundreds_at_once_go_over_one_connection_and_each_withdrawal_is_heard()
    {
        StartAgent();
        await StartEdgeAsync();
        var all = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => PushAsync($"user{i}")));
        Assert.All(all, servers => Assert.Equal(["agw1"], servers));
        Assert.Equal(300, _table.Count);
        for (var i = 0; i < 300; i++) _edge!.Withdraw(new(Realm, $"user{i}", $"reg-user{i}", 1, []));
        await Eventually.TrueAsync(() => _table.Count == 0);
        // Keys pass over the wire and stand in no line of the log.
        Assert.DoesNotContain(_log.Lines, line => line.Contains("0101010101", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_agent_that_begins_anew_is_told_the_whole_set()
    {
        StartAgent();
        await StartEdgeAsync();
        for (var i = 0; i < 2000; i++) Assert.Single(await PushAsync($"user{i}"));
        await _agent!.DisposeAsync();
        StartAgent();
        await Eventually.TrueAsync(() => _table.Count == 2000);
        // Nothing more is said before the set was answered.
        await Eventually.TrueAsync(
            () => _log.Lines.Count(line => line.Contains(nameof(TransferEvent.Synchronised), StringComparison.Ordinal)) == 2);
        Assert.Equal(["agw1"], await PushAsync("another"));
    }

    [Fact]
    public async Task An_agent_that_answers_no_ping_is_given_up_and_connected_to_anew()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        _port = ((IPEndPoint)deaf.LocalEndpoint).Port;
        Start(TimeSpan.FromMilliseconds(200));
        using var identity = TlsIdentity.Load(_operator.Server("agw1.example.net"));
        for (var heard = 0; heard < 2; heard++)
        {
            using var connection = await deaf.AcceptTcpClientAsync(Stop);
            await using var stream = new SslStream(connection.GetStream());
            try
            {
                await stream.AuthenticateAsServerAsync(identity.ForServer(), Stop);
            }
            catch (IOException)
            {
                // On a loaded machine the edge may give up before it is greeted; it comes again.
                heard--;
                continue;
            }

            var bytes = new byte[4096];
            var read = await stream.ReadAsync(bytes, Stop);
            Assert.EndsWith("{\"command\":\"ping\",\"turn-realm\":\"ims.example.net\"}\n",
                Encoding.ASCII.GetString(bytes, 0, read), StringComparison.Ordinal);
            // Until the edge closes.
            while (await stream.ReadAsync(bytes, Stop) > 0) { }
        }
    }

    [Theory]
    [InlineData("localhost", "Stranger")]
    [InlineData("127.0.0.2", "Operator")]
    public async Task An_agent_of_another_operator_or_under_another_name_hears_nothing(string host, string authority)
    {
        using var other = new Authority(authority);
        StartAgent(other, new(IPAddress.Any, 0));
        var files = _operator.Client(Edge);
        if (authority == "Operator") files = other.Client(Edge);
        _edge = TransferNode.Start(new() { Servers = [new("agw1", Realm, new($"ngs://{host}:{_port}/"))], Tls = files }, _log);
        await Eventually.TrueAsync(() => _log.Lines.Any(line => line.Contains("could not be reached", StringComparison.Ordinal)));
        Assert.Empty(await PushAsync("alice"));
        Assert.Equal(0, _table.Count);
    }

    void StartAgent(Authority? authority = null, IPEndPoint? listen = null)
    {
        _table = new(Realm, new SystemRandom());
        _agent = AgentListener.Start(
            new()
            {
                Listen = listen ?? new(IPAddress.Loopback, _port),
                Tls = (authority ?? _operator).Server("agw1.example.net"),
                Writers = new Dictionary<string, ImmutableArray<string>> { [Edge] = [Realm] }.ToImmutableDictionary(),
            }, _table, _ => Task.CompletedTask, NullLoggerFactory.Instance);
        _port = _agent.Address.Port;
    }

    void Start(TimeSpan deadline) => _edge = TransferNode.Start(
        new()
        {
            Servers = [new("agw1", Realm, new($"ngs://localhost:{_port}/"))],
            Tls = _operator.Client(Edge),
            Rules = new() { Servers = [], RequestDeadline = deadline },
        }, _log);

    async Task StartEdgeAsync()
    {
        // A loaded machine may take longer than a WIC would wait.
        Start(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(
            () => _log.Lines.Any(line => line.Contains(nameof(TransferEvent.Synchronised), StringComparison.Ordinal)));
    }

    async Task<IReadOnlyList<string>> PushAsync(string username)
    {
        byte[] key = [.. Enumerable.Repeat((byte)1, 32)];
        var credential = new PushedCredential(
            Realm, username, LongTermKey.From(PasswordAlgorithm.Md5, key.AsSpan(0, 16)),
            LongTermKey.From(PasswordAlgorithm.Sha256, key), SystemClock.Now.UnixSeconds + 600, $"reg-{username}", 0,
            new() { MaxAllocations = 4, Peers = ["192.0.2.0/24"] });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        end.CancelAfter(TimeSpan.FromSeconds(20));
        return await _edge!.PushAsync(credential, ["agw1"], end.Token);
    }
}
