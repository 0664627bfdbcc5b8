using System.Collections.Immutable;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes;
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

/// <summary>Web page, edge, home core and TURN server, joined by the interface for credentials; on loopback.</summary>
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
    EdgeNode _edge = null!;
    WebNode _web = null!;

    /// <summary>The TURN server's interface; stop it, and no push arrives.</summary>
    public TurnSide Side { get; private set; } = null!;

    public TurnNode Turn { get; private set; } = null!;

    public static async Task<WholeWay> StartAsync(TimeSpan grace)
    {
        var way = new WholeWay();
        way.Side = new TurnSide(way._operator, "turn1", Realm, Edge)
        {
            End = registrations => way.Turn.EndAsync([.. registrations.Select(PushedCredentials.SubjectOf)]),
        };
        // Before the relay: where it listens is never a peer.
        await way.Side.StartAsync(way._table);
        way.Turn = way.Own(way.StartTurn());
        var transfer = way.Own(TransferNode.Start(
            new()
            {
                Servers = [way.Side.Target],
                Tls = way._operator.Client(Edge),
                Rules = new() { Servers = [], RequestDeadline = TimeSpan.FromSeconds(10) },
            },
            NullLogger.Instance));
        await way.StartSignallingAsync(grace, transfer);
        return way;
    }

    public Task<SipClient> ConnectAsync() => SipClient.ConnectAsync(new($"ws://localhost:{_http.Port}/w2"), "alice", Realm);

    public async ValueTask DisposeAsync()
    {
        await _edge.CloseFlowsAsync(TimeSpan.FromSeconds(3));
        await _web.DisposeAsync();
        await Side.DisposeAsync();
        for (var i = _parts.Count - 1; i >= 0; i--) _parts[i].Dispose();
        _operator.Dispose();
        _http.Dispose();
        _https.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    TurnNode StartTurn()
    {
        var loopback = TransportAddress.From(new IPEndPoint(IPAddress.Loopback, 0));
        var rules = new TurnSettings
        {
            Realm = Realm,
            Relays = [new(loopback)],
            AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
            OwnListeners = [TransportAddress.From(Side.Address)],
        };
        return TurnNode.Start(
            new() { Listen = [loopback], Rules = rules },
            new CredentialVerifier(new CredentialSources { Realm = Realm, Pushed = _table }), NullLogger.Instance);
    }

    async Task StartSignallingAsync(TimeSpan grace, TransferNode transfer)
    {
        var subscribers = Own(SubscriberStore.Open(_folder));
        await subscribers.SaveAsync(
            SubscriberRecord.WithPassword($"alice@{Realm}", [$"sip:alice@{Realm}"], Realm, Password, DigestAlgorithms.Md5));
        var site = new TurnSite("turn1", Realm, new TurnUri(Secure: false, "127.0.0.1", Turn.Listeners[0].Port, "udp"));
        var (edgeEnd, coreEnd) = MwPipe.Create(NullLogger.Instance);
        _edge = Own(new EdgeNode(
            new() { HomeDomain = Realm, Host = $"epcscf.{Realm}", TokenKey = Bytes.Copy(new byte[32]), Grace = grace }, shards: 2,
            // A loaded machine may take longer than a WIC would wait.
            () => new PushProvisioning(new TurnSites([site]), new SystemRandom(), patience: TimeSpan.FromSeconds(10)),
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
