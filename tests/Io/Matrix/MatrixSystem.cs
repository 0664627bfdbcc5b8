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
using Portunus.Nodes.Serve;
using Portunus.Nodes.Tokens;
using Portunus.Nodes.Transfer;
using Portunus.Nodes.W2;
using Portunus.Nodes.Web;
using Portunus.Store;
using Portunus.Tests.Io.Up;
using Portunus.Tests.Io.Waf;
using Portunus.Turn;
using Authority = Portunus.Tests.Io.Tls.Authority;

namespace Portunus.Tests.Io.Matrix;

/// <summary>WAF, edge, home core and TURN server of one solution, which knows clients by that solution alone; on
/// loopback.</summary>
sealed class MatrixSystem : IAsyncDisposable
{
    public const string Realm = WafStand.Realm;
    public const string SipPassword = "wonderland";
    public const string TurnName = "turn1.ims.example.net";

    /// <summary>As its certificate names it.</summary>
    internal const string Edge = "edge1.example.net";

    const string Waf = "https://waf.example.test/";

    static readonly TokenKey Key = new("by-hand", TokenAlgorithm.A256Gcm, new byte[32]);
    static readonly SharedSecret Secret = new(SecretHash.Sha256, "north"u8);
    // A loaded machine may take longer than a WIC would wait.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;
    readonly Authority _operator = new();
    readonly LoopbackPort _http = LoopbackPort.Bind("--http", 0);
    readonly LoopbackPort _https = LoopbackPort.Bind("--https", 0);
    readonly List<IDisposable> _parts = [];
    MatrixTurn _turn = null!;
    FetchListener? _fetched;
    EdgeNode _edge = null!;
    WebNode _web = null!;

    public WafStand WebAuthorization { get; private set; } = null!;

    public TurnNode Turn => _turn.Node;

    /// <summary>Where the TURN server is told of credentials.</summary>
    public IPEndPoint Interface => _turn.Interface;

    public CscfNode Core { get; private set; } = null!;

    public EdgeNode EdgeNode => _edge;

    /// <param name="solution">S0, OAuth, A1, A2 push, A2 pull, A2 integrated or Combined.</param>
    /// <param name="hasFeed">Whether the end of a registration is told to the TURN server, whatever the solution.</param>
    /// <param name="grace">Of a lost WebSocket.</param>
    /// <param name="sources">Changes whom the TURN server knows.</param>
    public static async Task<MatrixSystem> StartAsync(
        string solution, bool hasFeed = false, TimeSpan? grace = null, Func<CredentialSources, CredentialSources>? sources = null)
    {
        var system = new MatrixSystem();
        system.WebAuthorization = await WafStand.StartAsync(settings => settings with
        {
            Waf = settings.Waf with
            {
                TurnServers = [], TurnKeys = new Dictionary<string, TokenKey> { [TurnName] = Key },
            },
        });
        system._turn = new(system._operator, () => sources?.Invoke(Sources(solution)) ?? Sources(solution))
        {
            IsTold = solution.StartsWith("A2", StringComparison.Ordinal),
            IsIntegrated = solution == "A2 integrated",
            HasFeed = hasFeed,
        };
        await system._turn.ListenAsync();
        var transfer = system.StartTransfer();
        if (solution == "A2 pull") await system.StartAnsweringAsync(transfer);
        system._turn.Start();
        await system.StartSignallingAsync(transfer, solution, hasFeed, grace ?? TimeSpan.FromMinutes(5));
        return system;
    }

    public Task<SipClient> ConnectAsync(string name) =>
        SipClient.ConnectAsync(new($"ws://localhost:{_http.Port}/w2"), name, Realm);

    /// <summary>The TURN server ends and begins anew at its port: nothing is known that it was told.</summary>
    public Task RestartTurnAsync() => _turn.RestartAsync();

    /// <summary>The edge can tell the TURN server nothing any more.</summary>
    public Task StopTellingAsync() => _turn.StopListeningAsync();

    /// <summary>The edge answers no TURN server any more.</summary>
    public async Task StopAnsweringAsync()
    {
        if (_fetched is { } fetched) await fetched.DisposeAsync();
        _fetched = null;
    }

    public async ValueTask DisposeAsync()
    {
        await _edge.CloseFlowsAsync(TimeSpan.FromSeconds(3));
        await _web.DisposeAsync();
        await StopAnsweringAsync();
        for (var i = _parts.Count - 1; i >= 0; i--) _parts[i].Dispose();
        await _turn.DisposeAsync();
        await WebAuthorization.DisposeAsync();
        _operator.Dispose();
        _http.Dispose();
        _https.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>By no other means than its own does a cell of the matrix work.</summary>
    static CredentialSources Sources(string solution)
    {
        var none = new CredentialSources { Realm = Realm };
        return solution switch
        {
            // As a TURN server that reads the subscribers' digests.
            "S0" => none with { Users = [new($"alice@{Realm}", SipPassword)] },
            "OAuth" => none with { TokenKeys = [new(Key)], ServerName = TurnName },
            "A1" => none with { Secrets = [Secret] },
            "Combined" => none with { TokenKeys = [new(Key)], ServerName = TurnName, Secrets = [Secret] },
            _ => none,
        };
    }

    TransferNode StartTransfer() => Own(TransferNode.Start(
        new()
        {
            Servers = [_turn.Target],
            Tls = _operator.Client(Edge),
            Rules = new() { Servers = [], RequestDeadline = Patience },
        }, NullLogger.Instance));

    async Task StartAnsweringAsync(TransferNode transfer)
    {
        _fetched = await FetchListener.StartAsync(
            new()
            {
                Listen = new(IPAddress.Loopback, 0),
                Tls = _operator.Server(Edge),
                Readers = ImmutableDictionary<string, string>.Empty.Add("turn1.example.net", TurnName),
            }, transfer, NullLoggerFactory.Instance);
        _turn.Edge = new($"https://localhost:{_fetched.Address.Port}/");
    }

    IProvisioning Provisioning(string solution, bool hasFeed)
    {
        var sites = new TurnSites([
            new(TurnName, Realm, new TurnUri(Secure: false, "127.0.0.1", Turn.Listeners[0].Port, "udp"))]);
        IProvisioning way = solution switch
        {
            "S0" => new DigestProvisioning(),
            "OAuth" => new NoProvisioning(),
            "A1" => new SharedSecretProvisioning([new(Secret)], sites),
            "A2 push" or "A2 integrated" => new PushProvisioning(sites, new SystemRandom(), patience: Patience),
            "A2 pull" => new PullProvisioning(sites, new SystemRandom()),
            _ => new CombinedProvisioning(
                new OAuthProvisioning(sites, new Dictionary<string, TokenKey> { [TurnName] = Key }, new SystemRandom()),
                new SharedSecretProvisioning([new(Secret)], sites)),
        };
        return hasFeed ? new RevocableProvisioning(way, sites) : way;
    }

    async Task StartSignallingAsync(TransferNode transfer, string solution, bool hasFeed, TimeSpan grace)
    {
        var subscribers = Own(SubscriberStore.Open(_folder));
        await subscribers.SaveAsync(
            SubscriberRecord.WithPassword($"alice@{Realm}", [$"sip:alice@{Realm}"], Realm, SipPassword, DigestAlgorithms.Md5));
        await subscribers.SaveAsync(new($"pool@{Realm}", [$"sip:web1@{Realm}"], null) { MoreSets = [[$"sip:web2@{Realm}"]] });
        var verifier = Own(new TokenVerifier(
            [new() { Issuer = Waf, Keys = new(WafStand.Issuer, "/.well-known/jwks") }], Realm, Own(WebAuthorization.NewHandler()),
            WebAuthorization.Time));
        var (edgeEnd, coreEnd) = MwPipe.Create(NullLogger.Instance);
        _edge = Own(new EdgeNode(
            new()
            {
                HomeDomain = Realm,
                Host = $"epcscf.{Realm}",
                TokenKey = Bytes.Copy(new byte[32]),
                Grace = grace,
                Tokens = new()
                {
                    Wafs =
                    [
                        new()
                        {
                            Issuer = Waf,
                            WebServers = [new("wwsf.example.test"), new("site", IdentityBlock.Parse($"sip:web!.*!@{Realm}"))],
                        },
                    ],
                },
            },
            shards: 2, () => Provisioning(solution, hasFeed), edgeEnd, NullLogger.Instance,
            new EdgeOutside { Push = transfer, Revocations = transfer, Tokens = verifier }));
        Core = Own(new CscfNode(
            new() { HomeDomain = Realm, Host = $"scscf.{Realm}", NonceKey = Bytes.Copy(new byte[32]) }, subscribers, coreEnd,
            NullLogger.Instance));
        _edge.Start();
        Core.Start();
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
