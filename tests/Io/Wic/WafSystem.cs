using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.HomeCore;
using Portunus.Nodes;
using Portunus.Nodes.Core;
using Portunus.Nodes.Mw;
using Portunus.Nodes.Outside;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Tokens;
using Portunus.Nodes.Waf;
using Portunus.Nodes.Web;
using Portunus.Store;
using Portunus.Store.Access;
using Portunus.Tests.Io.Waf;
using Portunus.Turn;
using Portunus.Waf;
using Portunus.Waf.Authorize;

namespace Portunus.Tests.Io.Wic;

/// <summary>
/// The whole system of scenarios 2 and 3 in one process: WAF and site over TLS, edge, home core and TURN server, each the real
/// one. What is set before <see cref="StartAsync"/> differs from what an operator would run.
/// </summary>
sealed class WafSystem : IAsyncDisposable
{
    public const string Realm = "ims.localhost", TurnName = "turn1.ims.localhost";

    public const string Password = WafStand.Password, Secret = WafStand.Secret;

    const string Back = "https://wwsf.example.test/back";

    public static readonly TokenKey Key = new("waf-turn1-1", TokenAlgorithm.A256Gcm, new byte[32]);

    /// <summary>The TURN server has it, too.</summary>
    public static readonly TokenKey NextKey = new("waf-turn1-2", TokenAlgorithm.A256Gcm, new byte[32]);

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;
    readonly Tls.Authority _authority = new();
    readonly LoopbackPort _http = LoopbackPort.Bind("--http", 0);
    readonly LoopbackPort _https = LoopbackPort.Bind("--https", 0);
    readonly List<IDisposable> _parts = [];
    readonly ConcurrentDictionary<string, TokenKey> _turnKeys = new() { [TurnName] = Key };
    AccessStore _access = null!;
    X509Certificate2 _certificate = null!;
    WafNode? _waf;
    WwsfNode? _site;
    TurnNode _turn = null!;
    EdgeNode _edge = null!;
    WebNode _web = null!;

    /// <summary>Of the WAF; the others have the system's.</summary>
    public TimeProvider WafTime { get; init; } = TimeProvider.System;

    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>With which the WAF seals TURN tokens; may change at any time.</summary>
    public TokenKey WafKey
    {
        get => _turnKeys[TurnName];
        set => _turnKeys[TurnName] = value;
    }

    /// <summary>How many tokens the edge takes for bad, good as they may be.</summary>
    public int EdgeRefuses { get; init; }

    /// <summary>For whom the WAF makes access tokens.</summary>
    public string Audience { get; init; } = Realm;

    /// <summary>What the edge's challenges call its WAF; null for what it is.</summary>
    public string? ChallengedServer { get; init; }

    public Uri Issuer { get; private set; } = null!;

    public int W2Port => _http.Port;

    public string W2 => $"ws://127.0.0.1:{_http.Port}/w2";

    public Uri Site => new($"https://localhost:{_site!.Port}/");

    public string Turn => $"turn:{_turn.Listeners[0]}?transport=udp";

    /// <summary>The authority's certificate, PEM.</summary>
    public string Ca => _authority.RootFile;

    public EdgeNode Edge => _edge;

    /// <summary>The flags with which alice signs in at the WAF and comes to the edge, by this way to it or the usual one.</summary>
    public string[] SignIn(string? w2 = null) =>
    [
        "--server", w2 ?? W2, "--user", $"alice@{Realm}", "--waf", $"{Issuer}", "--ca", Ca, "--waf-client", "native",
        "--waf-user", "alice", "--waf-password", File(Password),
    ];

    /// <summary>A file that holds a secret.</summary>
    public string File(string content)
    {
        var file = Path.Combine(_folder, $"secret-{Guid.NewGuid():N}");
        System.IO.File.WriteAllText(file, content);
        return "@" + file;
    }

    /// <summary>Where a browser of this machine comes back to.</summary>
    public Uri Redirect { get; } = FreeRedirect();

    /// <summary>Alice's browser: opens the address that a native client shows, and goes where it leads.</summary>
    public async Task BrowseAsync(Uri shown)
    {
        using var handler = Trusting();
        (handler.AllowAutoRedirect, handler.CookieContainer) = (false, new());
        using var browser = new HttpClient(handler) { BaseAddress = Issuer };
        using var signedIn = await browser.SignInAsync(shown.AbsoluteUri);
        using var back = await browser.GetAsync(signedIn.Headers.Location);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(new Uri(Redirect, "/favicon.ico"))).StatusCode);
        Assert.Contains("go back to the terminal", await browser.GetStringAsync(back.Headers.Location), StringComparison.Ordinal);
    }

    static Uri FreeRedirect()
    {
        using var free = LoopbackPort.Bind("--waf-redirect", 0);
        return new($"http://127.0.0.1:{free.Port}/back");
    }

    /// <summary>A token that alice fetched by a browser for the machine.</summary>
    public async Task<string> UserTokenAsync()
    {
        using var handler = Trusting();
        (handler.AllowAutoRedirect, handler.CookieContainer) = (false, new());
        using var browser = new HttpClient(handler) { BaseAddress = Issuer };
        var token = await browser.TokenAsync(
            "machine", ("grant_type", "authorization_code"), ("code", await browser.CodeAsync(("client_id", "machine"))),
            ("code_verifier", CodeFlow.Verifier), ("redirect_uri", Back));
        return token.Text("access_token");
    }

    public async Task<WafSystem> StartAsync()
    {
        var files = _authority.Server();
        using (var pem = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key))
            _certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null);
        _access = AccessStore.OpenFolder(_folder);
        await _access.SaveUserAsync(
            new("alice", new Passwords(1000).Hash("alice", Password), $"alice@{Realm}", [$"sip:alice@{Realm}"]));
        await StartWafAsync();
        _site = await WwsfNode.StartAsync(
            new()
            {
                Listen = new(IPAddress.Loopback, 0), Certificate = _certificate, Store = _access, Time = WafTime,
                Wwsf = new()
                {
                    Waf = Issuer, WafAuthorities = [X509CertificateLoader.LoadCertificateFromFile(Ca)], ClientId = "site",
                    ClientSecret = Secret, Impus = [$"sip:web1@{Realm}"], AllowsGuests = true, GuestsPerAddress = 100,
                    Grace = TimeSpan.Zero,
                    Users = new Dictionary<string, string> { ["carol"] = new Passwords(1000).Hash("carol", "right") },
                },
            },
            NullLoggerFactory.Instance);
        StartTurn();
        await StartCoreAsync();
        _web = await WebNode.StartAsync(
            new()
            {
                Http = _http, Https = _https, Certificate = LoopbackCertificate.Create(), PageFolder = _folder, Realm = Realm,
                W2 = new() { Origins = new HashSet<string>() },
            },
            _edge, NullLoggerFactory.Instance);
        return this;
    }

    /// <summary>The WAF is gone, as after a crash.</summary>
    public async Task StopWafAsync()
    {
        if (_waf is not null) await _waf.DisposeAsync();
        _waf = null;
    }

    public async ValueTask DisposeAsync()
    {
        await _edge.CloseFlowsAsync(TimeSpan.FromSeconds(3));
        await _web.DisposeAsync();
        await _site!.DisposeAsync();
        await StopWafAsync();
        foreach (var part in Enumerable.Reverse(_parts)) part.Dispose();
        foreach (var part in new IDisposable[] { _access, _http, _https, _certificate, _authority }) part.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A WAF says its own port in its name: one that is free is looked for first, and another if it was taken since.</summary>
    async Task StartWafAsync()
    {
        for (var attempt = 0; _waf is null; attempt++)
        {
            int port;
            using (var free = LoopbackPort.Bind("--waf", 0)) port = free.Port;
            Issuer = new($"https://localhost:{port}/");
            try
            {
                _waf = await WafNode.StartAsync(
                    new()
                    {
                        Listen = new(IPAddress.Loopback, port), Certificate = _certificate, Store = _access, Time = WafTime,
                        Waf = new()
                        {
                            Issuer = Issuer, Audience = Audience, Clients = Clients, PasswordRounds = 1000,
                            AccessTokenLifetime = TokenLifetime,
                            TurnKeys = _turnKeys,
                        },
                    },
                    NullLoggerFactory.Instance);
            }
            catch (RefusedException) when (attempt < 10)
            {
                // Taken between the two.
            }
        }
    }

    SocketsHttpHandler Trusting()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(Ca) },
        };
        return handler;
    }

    IReadOnlyList<WafClient> Clients =>
    [
        new()
        {
            Id = "native", Name = "Native", IsFirstParty = true, Scopes = All,
            RedirectUris = [new("http://127.0.0.1:8765/"), Redirect],
        },
        new() { Id = "stranger", Name = "Stranger", RedirectUris = [new("http://127.0.0.1:8765/")], Scopes = All },
        new()
        {
            Id = "machine", Name = "Machine", IsFirstParty = true, Secret = Secret, MayActAlone = true, MayExchange = true,
            Scopes = All, RedirectUris = [new(Back)],
        },
        new()
        {
            Id = "site", Name = "Site", Secret = Secret, MayActAlone = true,
            Pool = new($"pool@{Realm}", [$"sip:web1@{Realm}"]),
        },
    ];

    static string[] All => [Scopes.Register, Scopes.Turn, Scopes.Offline];

    static SharedSecret North => SharedSecret.TryParse("north", out var secret) ? secret : throw new InvalidOperationException();

    void StartTurn()
    {
        var loopback = TransportAddress.IPv4(0x7F000001, 0);
        _parts.Add(_turn = TurnNode.Start(
            new()
            {
                Listen = [loopback],
                Rules = new() { Realm = Realm, Relays = [new(loopback)], AllowPeers = [AddressRange.Single(loopback)] },
            },
            new CredentialVerifier(new CredentialSources
            {
                Realm = Realm, TokenKeys = [new(Key), new(NextKey)], ServerName = TurnName, Secrets = [North],
            }),
            NullLogger.Instance));
    }

    async Task StartCoreAsync()
    {
        var handler = Trusting();
        var verifier = new TokenVerifier(
            [new() { Issuer = Issuer.AbsoluteUri, Keys = new(Issuer, "/.well-known/jwks") }], Realm, handler);
        var (edgeEnd, coreEnd) = MwPipe.Create(NullLogger.Instance);
        _edge = new(
            new()
            {
                HomeDomain = Realm, Host = $"epcscf.{Realm}", TokenKey = Bytes.Copy(new byte[32]),
                Tokens = new()
                {
                    Wafs =
                    [
                        new()
                        {
                            Issuer = Issuer.AbsoluteUri, AuthorizationServer = ChallengedServer,
                            WebServers =
                            [
                                new("native"), new("machine"), new("site", IdentityBlock.Parse($"sip:web1@{Realm}")),
                            ],
                        },
                    ],
                },
            },
            shards: 1,
            () => new SharedSecretProvisioning(
                North, Realm, [new TurnUri(false, "127.0.0.1", _turn.Listeners[0].Port, "udp")]),
            edgeEnd, NullLogger.Instance, new() { Tokens = new Suspicious(verifier, EdgeRefuses) });
        var subscribers = SubscriberStore.Open(_folder);
        foreach (var (impi, impu) in new[] { ("alice", "alice"), ("bob", "bob"), ("pool", "web1") })
            await subscribers.SaveAsync(SubscriberRecord.WithPassword(
                $"{impi}@{Realm}", [$"sip:{impu}@{Realm}"], Realm, Password, DigestAlgorithms.Md5));
        var core = new CscfNode(
            new()
            {
                HomeDomain = Realm, Host = $"scscf.{Realm}", NonceKey = Bytes.Copy(new byte[32]),
                // For tokens that live as short as a test is patient.
                ShortestExpiry = TimeSpan.FromSeconds(1),
            },
            subscribers, coreEnd, NullLogger.Instance);
        _edge.Start();
        core.Start();
        _parts.AddRange([handler, verifier, subscribers, _edge, core]);
    }

    /// <summary>Takes the first tokens for bad.</summary>
    sealed class Suspicious(ITokenVerifier honest, int refuses) : ITokenVerifier
    {
        int _asked;

        public Task<EdgeAnswer> VerifyAsync(string token, bool isRecheck, CancellationToken patience) =>
            Interlocked.Increment(ref _asked) <= refuses
                ? Task.FromResult<EdgeAnswer>(new EdgeAnswer.NotVerified(TokenFault.Invalid))
                : honest.VerifyAsync(token, isRecheck, patience);
    }
}
