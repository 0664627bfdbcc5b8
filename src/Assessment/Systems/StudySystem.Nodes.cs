using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portunus.Assessment.Study;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes;
using Portunus.Nodes.Agent;
using Portunus.Nodes.Mw;
using Portunus.Nodes.Serve;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Tokens;
using Portunus.Nodes.Transfer;
using Portunus.Nodes.Waf;
using Portunus.Sip;
using Portunus.Store;
using Portunus.Store.Access;
using Portunus.Turn;
using Portunus.Waf;
using Portunus.Waf.Authorize;

namespace Portunus.Assessment.Systems;

public sealed partial class StudySystem
{
    const string PageClient = "page", SiteClient = "site", NativeClient = "native";

    static readonly Uri ForeignIssuer = new("https://waf.example.org/");
    static readonly Uri PageRedirect = new("https://wwsf.example.net/back");
    static readonly ImmutableArray<AddressRange> Loopback = [AddressRange.Parse("127.0.0.0/8")];

    /// <summary>Whether the WAF makes the TURN credentials, so that a feed is the WAF's.</summary>
    bool IsByWaf => Way.Solution == "OAuth";

    bool HasEdgeFeed => _settings.HasFeed && !IsByWaf;

    bool Fetches => Way == Way.A2Pull;

    bool IsIntegrated => Way.Variant == Way.A2Integrated.Variant;

    Uri Issuer => new($"https://localhost:{Waf.EndPoint.Port}/");

    Uri[] Issuers => _settings.HasForeignWaf ? [Issuer, ForeignIssuer] : [Issuer];

    /// <summary>As the core is told of a third party; null for the operator's own WAF, which it is not told of.</summary>
    string? EntityOf(Uri issuer) =>
        issuer == ForeignIssuer ? issuer.Host : _settings.UserOfAnotherWaf is null ? null : "waf.example.net";

    async Task StartNodesAsync()
    {
        await StartWafAsync();
        await StartSiteAsync();
        // The edge is asked by a TURN server that fetches, and tells the others: so the TURN server is first, but for its target.
        await StartTurnAsync();
        await StartCoreAsync();
        await StartEdgeAsync();
    }

    async Task StartWafAsync()
    {
        _access ??= await FillStoreAsync();
        _waf = Own(await ServedSystem.StartAsync(
            new()
            {
                Waf = new()
                {
                    Listen = Free,
                    Tls = (_localhost.Certificate, _localhost.Key),
                    MutualTls = Free,
                    Authorities = [_authority.Root],
                    Waf = WafSettings(),
                    Revocations = _settings.HasFeed && IsByWaf
                        ? new() { Servers = [new(TurnName, Realm, Over(WafFeed))], Tls = _authority.Client(WafName) }
                        : null,
                    Place = new(_folder, Postgres: null),
                },
            },
            _logs));
        Waf.Target = TokenKeys.Target = Site.Target = At(_waf, "waf");
        TurnKeys.Target = At(_waf, "waf-mutual");
    }

    async Task<AccessStore> FillStoreAsync()
    {
        var store = AccessStore.OpenFolder(_folder);
        var passwords = new Passwords(_settings.PasswordRounds);
        // All users have one password, and hashing it once for all is no weaker than that.
        var hash = passwords.Hash("wic", _keys.Password);
        foreach (var number in Enumerable.Range(0, _settings.Users))
            await store.SaveUserAsync(UserOf(number, hash));
        if (_settings.TurnKeyEndsIn is { } end) await AddTurnKeyAsync(store, end);
        return store;
    }

    static UserRecord UserOf(int number, string hash) =>
        new($"wic{number}", hash, $"wic{number}@{Realm}", [$"sip:wic{number}@{Realm}"]);

    WafSettings WafSettings()
    {
        var settings = new WafSettings
        {
            Issuer = Issuer,
            Audience = Realm,
            PasswordRounds = _settings.PasswordRounds,
            TurnServers = [TurnName, SecondTurnName],
            Clients =
            [
                new() { Id = PageClient, Name = "Telephone", IsFirstParty = true, RedirectUris = [PageRedirect] },
                new()
                {
                    Id = SiteClient, Name = "Site", Secret = _keys.SiteSecret, MayActAlone = true,
                    Pool = new($"pool@{Realm}", [.. Impus]),
                },
                new() { Id = NativeClient, Name = "Native client", Secret = _keys.NativeSecret, MayActAlone = true },
            ],
        };
        return settings with
        {
            TurnTokenLifetime = _settings.TurnTokenLifetime ?? settings.TurnTokenLifetime,
            AccessTokenLifetime = _settings.AccessTokenLifetime ?? settings.AccessTokenLifetime,
        };
    }

    IEnumerable<string> Impus => Enumerable.Range(0, _settings.Guests).Select(number => $"sip:guest{number}@{Realm}");

    IEnumerable<string> Believed => Impus.Take(_settings.BelievedGuests ?? int.MaxValue);

    async Task StartSiteAsync()
    {
        var tls = _localhost;
        var site = Own(await WwsfNode.StartAsync(
            new()
            {
                Listen = Free,
                CertificateFiles = new(tls.Certificate, tls.Key),
                Store = _access,
                WafAddress = Site.EndPoint,
                Wwsf = new()
                {
                    Waf = Issuer,
                    WafAuthorities = [_authority.Root],
                    ClientId = SiteClient,
                    ClientSecret = _keys.SiteSecret,
                    Impus = [.. Impus],
                    AllowsGuests = true,
                    // All of them come from this machine.
                    GuestsPerAddress = int.MaxValue,
                    Grace = TimeSpan.Zero,
                },
            },
            _logs));
        W1.Target = At(site.Port);
    }

    async Task StartTurnAsync()
    {
        var rules = new TurnSettings
        {
            Realm = Realm, Relays = [new(TransportAddress.From(IPAddress.Loopback, 0))], AllowPeers = Loopback,
            // Clients of all samples are the same few users.
            StaticUserQuota = 10_000, UserQuota = 1000,
        };
        if (_settings.NonceLifetime is { } lifetime) rules = rules with { NonceLifetime = lifetime };
        var node = new Nodes.Relay.TurnNodeSettings { Listen = [TransportAddress.From(_turnAt)], Rules = rules };
        var listener = new CredentialListenerSettings
        {
            Listen = Free,
            Tls = _localhost,
            Writers = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add(EdgeName, [Realm]),
            Revokers = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add(WafName, [Realm]),
            EdgesMayRevoke = !IsByWaf,
        };
        _turn = Own(await ServedSystem.StartAsync(
            IsIntegrated
                ? new() { Agw = new() { Turn = node, Control = listener, Sources = Sources() } }
                : new() { Turn = new(node, Sources(), listener, Finder(), TurnKeyFetching(), _settings.HasFeed) },
            _logs));
        Stun.Target = _turnAt = At(_turn, IsIntegrated ? "agw" : "turn");
        if (IsIntegrated) Control.Target = At(_turn, "control");
        else Credentials.Target = WafFeed.Target = At(_turn, "credentials");
    }

    /// <summary>By no other means than its own does a solution work.</summary>
    CredentialSources Sources()
    {
        var none = new CredentialSources { Realm = Realm, ServerName = TurnName };
        return Way.Solution switch
        {
            // As a TURN server that reads the subscribers' digests.
            "S0" => none with
            {
                Users = [.. Enumerable.Range(0, _settings.Users).Select(one => new StaticUser($"wic{one}@{Realm}", _keys.Password))],
            },
            // Realms with shared secrets do not offer USERHASH (RFC 8489 §9.2.5), others do: both are TURN as it is.
            "none" => none with
            {
                Users = [new(StaticUser, _keys.Password)], Secrets = IsIntegrated ? [] : [_keys.Secret],
            },
            "A1" => none with { Secrets = [_keys.Secret] },
            "Combined" => none with { TokenKeys = [new(_keys.OfEdge)] },
            _ => none,
        };
    }

    CredentialFinderSettings? Finder() => Fetches
        ? new() { Edges = [new(EdgeName, Over(Fetch))], Tls = _authority.Client(TurnName) }
        : null;

    TokenKeysRole? TurnKeyFetching(string name = TurnName)
    {
        if (!IsByWaf) return null;
        var shown = _authority.Client(name);
        return new()
        {
            ServerName = name,
            Certificate = shown.Certificate,
            Key = shown.Key,
            Wafs = [new(new(Over(TurnKeys), "/.well-known/stun-key"), [_authority.Root])],
        };
    }

    async Task StartCoreAsync()
    {
        _core = Own(await ServedSystem.StartAsync(
            new()
            {
                Core = new()
                {
                    Cscf = new()
                    {
                        HomeDomain = Realm, Host = $"{Mw.EndPoint}", Transport = "UDP", NonceKey = StudyKeys.Draw(),
                        BindingsPerIdentity = 100_000,
                        // A registration by token is as short as the token, and would else be too brief.
                        ShortestExpiry = TimeSpan.FromSeconds(_settings.AccessTokenLifetime is null ? 60 : 1),
                    },
                    Mw = Neighbour(_coreAt, MwBack.EndPoint),
                    DataFolder = _folder,
                    Subscribers =
                    [
                        .. Enumerable.Range(0, _settings.Users).Select(one => SubscriberRecord.WithPassword(
                            $"wic{one}@{Realm}", [$"sip:wic{one}@{Realm}"], Realm, _keys.Password, DigestAlgorithms.Md5) with
                        {
                            AllowedWebFunctions = one == _settings.UserOfAnotherWaf ? ["waf.elsewhere.example"] : null,
                        }),
                        .. Enumerable.Range(0, _settings.Closed).Select(one => SubscriberRecord.WithPassword(
                            $"closed{one}@{Realm}", [$"sip:closed{one}@{Realm}"], Realm, _keys.Password, DigestAlgorithms.Md5) with
                        {
                            AllowedWebFunctions = [],
                        }),
                        new($"pool@{Realm}", [Impus.First()], null) { MoreSets = [.. Impus.Skip(1).Select(impu => new[] { impu })] },
                    ],
                },
            },
            _logs));
        Mw.Target = _coreAt = At(_core, "core");
    }

    async Task StartEdgeAsync()
    {
        var tls = _localhost;
        _edge = Own(await ServedSystem.StartAsync(
            new()
            {
                Epcscf = new()
                {
                    Edge = new()
                    {
                        HomeDomain = Realm, Host = $"{MwBack.EndPoint}", TokenKey = StudyKeys.Draw(), CoreTransport = "UDP",
                        Grace = _settings.Grace,
                        Tokens = new()
                        {
                            Wafs = [.. Issuers.Select(issuer => new TrustedWaf
                            {
                                Issuer = issuer.AbsoluteUri,
                                Entity = EntityOf(issuer),
                                WebServers = [new(PageClient), new(SiteClient, [.. Believed.Select(Epcscf.IdentityBlock.Parse)])],
                            })],
                        },
                    },
                    Provisioning = Provisioning,
                    Tokens = new()
                    {
                        Issuers =
                        [
                            .. Issuers.Select(issuer => new AuthorizationServer
                            {
                                Issuer = issuer.AbsoluteUri, Keys = new(Over(TokenKeys), WafEndpoints.Jwks),
                            }),
                        ],
                        Audience = Realm,
                        Authorities = new Dictionary<string, IReadOnlyList<X509Certificate2>>
                        {
                            ["localhost"] = [_authority.Root],
                        },
                    },
                    Transfer = Transfer(),
                    Fetch = Fetches
                        ? new()
                        {
                            Listen = Free, Tls = _localhost,
                            Readers = ImmutableDictionary<string, string>.Empty.Add(TurnName, TurnName),
                        }
                        : null,
                    Mw = Neighbour(_edgeAt, Mw.EndPoint),
                    Https = [Free],
                    Http = _settings.HasPlainW2 ? [Free] : [],
                    Tls = (tls.Certificate, tls.Key),
                    TrustedProxies = [],
                    Origins = ImmutableHashSet<string>.Empty,
                },
            },
            _logs));
        W2.Target = At(_edge, "https");
        MwBack.Target = _edgeAt = At(_edge, "mw");
        if (Fetches) Fetch.Target = At(_edge, "fetch");
    }

    /// <summary>Null where the edge tells the TURN server nothing: no connection is made then.</summary>
    TransferNodeSettings? Transfer() => Way.Solution == "A2" || IsIntegrated || HasEdgeFeed
        ? new()
        {
            Servers =
            [
                new(
                    TurnName, Realm,
                    IsIntegrated ? new($"{TransferTarget.AgentScheme}://localhost:{Control.EndPoint.Port}/") : Over(Credentials)),
            ],
            Tls = _authority.Client(EdgeName),
        }
        : null;

    IProvisioning Provisioning()
    {
        var sites = Sites();
        IProvisioning way = Way switch
        {
            { Solution: "S0" } => new DigestProvisioning(),
            { Solution: "A1" } => new SharedSecretProvisioning([new(_keys.Secret)], sites),
            { Solution: "A2", Variant: "pull" } => new PullProvisioning(sites, new SystemRandom()),
            { Solution: "A2" } => new PushProvisioning(sites, new SystemRandom()),
            { Solution: "Combined" } => new OAuthProvisioning(
                sites, new Dictionary<string, TokenKey> { [TurnName] = _keys.OfEdge }, new SystemRandom()),
            _ => new NoProvisioning(),
        };
        return HasEdgeFeed ? new RevocableProvisioning(way, sites) : way;
    }

    TurnSites Sites() =>
        new([new(TurnName, Realm, new TurnUri(Secure: false, "127.0.0.1", (ushort)Stun.EndPoint.Port, "udp"))]);

    /// <summary>Everything by UDP, so that a datagram is a message.</summary>
    static MwSettings Neighbour(IPEndPoint own, IPEndPoint next) => new()
    {
        Listen = own,
        NextHop = HostPort.TryParse(Encoding.ASCII.GetBytes($"{next}"), out var hop) ? hop : null,
        Neighbours = Loopback,
        DatagramBytes = 60_000,
    };

    static Uri Over(Links.EmulatedLink link) => new($"https://localhost:{link.EndPoint.Port}/");

    static IPEndPoint At(int port) => new(IPAddress.Loopback, port);

    static IPEndPoint At(ServedSystem node, string protocol) =>
        node.Listeners.First(listener => listener.Protocol == protocol).EndPoint;
}
