using System.Collections.Immutable;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes;
using Portunus.Nodes.Agent;
using Portunus.Nodes.Core;
using Portunus.Nodes.Mw;
using Portunus.Nodes.Outside;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Transfer;
using Portunus.Nodes.W2;
using Portunus.Nodes.Web;
using Portunus.Store;
using Portunus.Tests.Io.Tls;
using Portunus.Tests.Io.Up;
using Portunus.Turn;

namespace Portunus.Tests.Io.Transfer;

/// <summary>How credentials reach the TURN server.</summary>
public enum Way
{
    /// <summary>The edge tells it before the WIC has them.</summary>
    Push,

    /// <summary>It asks the edge at an Allocate.</summary>
    Pull,

    /// <summary>It stands in a media gateway node, which the edge controls.</summary>
    Integrated,
}

/// <summary>Web page, edge, home core and TURN server, joined in one of the ways of Approach 2; on loopback.</summary>
sealed class WholeWay : IAsyncDisposable
{
    public const string Realm = "ims.example.net";
    public const string Password = "wonderland";

    const string Edge = "edge1.example.net";

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;
    readonly Authority _operator = new();
    readonly LoopbackPort _http = LoopbackPort.Bind("--http", 0);
    readonly LoopbackPort _https = LoopbackPort.Bind("--https", 0);
    readonly PushedCredentials _table = new(Realm, new SystemRandom());
    readonly List<IDisposable> _parts = [];
    AgwNode? _agw;
    FetchListener? _fetched;
    CredentialFinder? _finder;
    EdgeNode _edge = null!;
    WebNode _web = null!;

    /// <summary>The TURN server's interface; stop it, and no push arrives.</summary>
    public TurnSide Side { get; private set; } = null!;

    public TurnNode Turn { get; private set; } = null!;

    /// <summary>Where the TURN server is told of credentials.</summary>
    public IPEndPoint Interface => _agw?.Control ?? Side.Address;

    public static async Task<WholeWay> StartAsync(TimeSpan grace, Way by = Way.Push)
    {
        var way = new WholeWay();
        if (by == Way.Integrated)
        {
            await way.StartIntegratedAsync(grace);
            return way;
        }

        way.Side = new TurnSide(way._operator, "turn1", Realm, Edge)
        {
            End = registrations => way.Turn.EndAsync([.. registrations.Select(PushedCredentials.SubjectOf)]),
        };
        // Before the relay: where it listens is never a peer.
        await way.Side.StartAsync(way._table);
        var transfer = way.Own(TransferNode.Start(
            new()
            {
                Servers = [way.Side.Target],
                Tls = way._operator.Client(Edge),
                Rules = new() { Servers = [], RequestDeadline = TimeSpan.FromSeconds(10) },
            },
            NullLogger.Instance));
        if (by == Way.Pull) await way.StartAskingAsync(transfer);
        way.Turn = way.Own(way.StartTurn());
        await way.StartSignallingAsync(grace, transfer, by);
        return way;
    }

    /// <summary>The edge answers no TURN server any more.</summary>
    public async Task CutAsync()
    {
        if (_fetched is { } fetched) await fetched.DisposeAsync();
        _fetched = null;
    }

    public Task<SipClient> ConnectAsync() => SipClient.ConnectAsync(new($"ws://localhost:{_http.Port}/w2"), "alice", Realm);

    public async ValueTask DisposeAsync()
    {
        await _edge.CloseFlowsAsync(TimeSpan.FromSeconds(3));
        await _web.DisposeAsync();
        await CutAsync();
        if (Side is not null) await Side.DisposeAsync();
        if (_agw is not null) await _agw.DisposeAsync();
        for (var i = _parts.Count - 1; i >= 0; i--) _parts[i].Dispose();
        _operator.Dispose();
        _http.Dispose();
        _https.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    async Task StartIntegratedAsync(TimeSpan grace)
    {
        _agw = await AgwNode.StartAsync(
            new()
            {
                Turn = new() { Listen = [Loopback], Rules = Rules },
                Control = new()
                {
                    Listen = new(IPAddress.Loopback, 0),
                    Tls = _operator.Server("agw1.example.net"),
                    Writers = new Dictionary<string, ImmutableArray<string>> { [Edge] = [Realm] }.ToImmutableDictionary(),
                },
            }, NullLoggerFactory.Instance);
        Turn = _agw.Turn;
        var target = new TransferTarget("turn1", Realm, new($"ngs://localhost:{_agw.Control.Port}/"));
        var transfer = Own(TransferNode.Start(
            new() { Servers = [target], Tls = _operator.Client(Edge) }, NullLogger.Instance));
        await StartSignallingAsync(grace, transfer, Way.Integrated);
    }

    async Task StartAskingAsync(TransferNode transfer)
    {
        _fetched = await FetchListener.StartAsync(
            new()
            {
                Listen = new(IPAddress.Loopback, 0),
                Tls = _operator.Server(Edge),
                Readers = new Dictionary<string, string> { ["turn1.example.net"] = "turn1" }.ToImmutableDictionary(),
            }, transfer, NullLoggerFactory.Instance);
        _finder = Own(CredentialFinder.Start(
            new()
            {
                Edges = [new(Edge, new($"https://localhost:{_fetched.Address.Port}/"))],
                Tls = _operator.Client("turn1.example.net"),
            }, _table, registrations => Turn.EndAsync([.. registrations.Select(PushedCredentials.SubjectOf)]),
            NullLogger.Instance));
    }

    static TransportAddress Loopback => TransportAddress.From(new IPEndPoint(IPAddress.Loopback, 0));

    static TurnSettings Rules => new()
    {
        Realm = Realm,
        Relays = [new(Loopback)],
        AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
        // A loaded machine may take longer than a client would wait.
        FindCredentialDeadline = TimeSpan.FromSeconds(10),
    };

    TurnNode StartTurn() => TurnNode.Start(
        new() { Listen = [Loopback], Rules = Rules with { OwnListeners = [TransportAddress.From(Side.Address)] } },
        new CredentialVerifier(new CredentialSources { Realm = Realm, Pushed = _table, AsksEdges = _finder is not null }),
        NullLogger.Instance, _finder);

    async Task StartSignallingAsync(TimeSpan grace, TransferNode transfer, Way by)
    {
        var subscribers = Own(SubscriberStore.Open(_folder));
        await subscribers.SaveAsync(
            SubscriberRecord.WithPassword($"alice@{Realm}", [$"sip:alice@{Realm}"], Realm, Password, DigestAlgorithms.Md5));
        var site = new TurnSite("turn1", Realm, new TurnUri(Secure: false, "127.0.0.1", Turn.Listeners[0].Port, "udp"));
        var (edgeEnd, coreEnd) = MwPipe.Create(NullLogger.Instance);
        _edge = Own(new EdgeNode(
            new() { HomeDomain = Realm, Host = $"epcscf.{Realm}", TokenKey = Bytes.Copy(new byte[32]), Grace = grace }, shards: 2,
            () => by == Way.Pull
                ? new PullProvisioning(new TurnSites([site]), new SystemRandom())
                // A loaded machine may take longer than a WIC would wait.
                : new PushProvisioning(new TurnSites([site]), new SystemRandom(), patience: TimeSpan.FromSeconds(10)),
            edgeEnd, NullLogger.Instance,
            new EdgeOutside { Push = transfer }));
        var core = Own(new CscfNode(
            new() { HomeDomain = Realm, Host = $"scscf.{Realm}", NonceKey = Bytes.Copy(new byte[32]) }, subscribers, coreEnd,
            NullLogger.Instance));
        _edge.Start();
        core.Start();
        _web = await WebNode.StartAsync(
            new()
            {
                Http = _http,
                Https = _https,
                Certificate = Own(LoopbackCertificate.Create()),
                PageFolder = _folder,
                Realm = Realm,
                W2 = new W2Settings { Origins = ImmutableHashSet<string>.Empty },
            }, _edge, NullLoggerFactory.Instance);
    }

    T Own<T>(T part) where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }
}
