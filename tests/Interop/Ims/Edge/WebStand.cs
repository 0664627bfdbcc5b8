using System.Net;
using System.Text.Json;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes.Tokens;
using Portunus.Nodes.Waf;
using Portunus.Tests.Interop.Ims.Core;
using Portunus.Tests.Interop.Ims.Cx;
using Portunus.Tests.Io;
using Portunus.Tests.Io.Waf;
using Portunus.Waf;
using Portunus.Waf.Authorize;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>
/// Scenarios 2 and 3 before an IMS core that is not ours: a WAF that signs users in, a site that lends identities of a pool, and
/// the edge, which verifies their tokens by the WAF's published keys.
/// </summary>
sealed class WebStand : IAsyncDisposable
{
    /// <summary>What the core is told of whose word it is.</summary>
    public const string Entity = "login.example.test";

    const string WafHost = "waf.example.test";

    readonly IReadOnlyDictionary<string, Subscriber> _pool;
    readonly List<IAsyncDisposable> _nodes = [];
    readonly List<IDisposable> _parts = [];
    WafStand _waf = null!;
    WwsfNode _site = null!;

    WebStand(IReadOnlyList<Subscriber> pool) => _pool = pool.ToDictionary(member => member.PublicIdentity);

    public EdgeStand Edge { get; private set; } = null!;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="core">Where the edge's requests go.</param>
    /// <param name="transport">UDP or TCP towards it.</param>
    /// <param name="pool">What the site lends.</param>
    /// <param name="allowed">Which of these the edge's operator gave to the site; null for all.</param>
    public static async Task<WebStand> StartAsync(
        ImsCore core, string transport, IReadOnlyList<Subscriber>? pool = null, IReadOnlyList<Subscriber>? allowed = null)
    {
        // A site without a pool is none: there is always one identity, though nobody may have heard of it.
        pool ??= [new("nobody", ImsCore.Domain, "")];
        var stand = new WebStand(pool);
        try
        {
            await stand.StartWebAsync(pool);
            await stand.StartEdgeAsync(core, transport, allowed ?? pool);
            return stand;
        }
        catch
        {
            await stand.DisposeAsync();
            throw;
        }
    }

    /// <summary>A WIC whose user signed in by the code flow; connected and not registered.</summary>
    /// <param name="subscriber">Who signs in, by the password of the subscription.</param>
    /// <param name="form">How the token is written into a header.</param>
    public async Task<Party> SignInAsync(Subscriber subscriber, string form = "{0}")
    {
        var party = await Edge.ConnectAsync(subscriber);
        return Party.OfToken(party, await TokenAsync(_waf, subscriber), form);
    }

    /// <summary>A WIC of a visitor whom the site lends an identity; connected and not registered.</summary>
    public async Task<(Party Wic, Subscriber Identity)> VisitAsync()
    {
        using var visitor = new HttpClient { BaseAddress = new($"http://127.0.0.1:{_site.Port}") };
        JsonElement lease = default;
        // On a loaded machine the WAF may be slower than the site is patient, which says so (503).
        await Eventually.TrueAsync(async () =>
        {
            using var lent = await visitor.PostAsync("/wwsf/lease", null, Stop);
            lease = JsonDocument.Parse(await lent.Content.ReadAsStringAsync(Stop)).RootElement;
            return lent.StatusCode == HttpStatusCode.OK;
        }, () => lease.ToString());
        var identity = _pool[lease.Text("impu")];
        return (Party.OfToken(await Edge.ConnectAsync(identity), lease.Text("access_token")), identity);
    }

    /// <summary>The access token of a user who signs in at a WAF by the code flow.</summary>
    public static async Task<string> TokenAsync(WafStand waf, Subscriber subscriber)
    {
        var hash = new Passwords(1000).Hash(subscriber.Name, subscriber.Password);
        await waf.Store.SaveUserAsync(
            new(subscriber.Name, hash, subscriber.PrivateIdentity, [.. subscriber.PublicIdentities]), Stop);
        using var browser = waf.NewClient();
        using var signedIn = await browser.SignInAsync(CodeFlow.Request(), subscriber.Name, subscriber.Password);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        using var back = await browser.GetAsync(signedIn.Headers.Location, Stop);
        return (await browser.RedeemAsync(CodeFlow.Code(back))).Text("access_token");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Enumerable.Reverse(_nodes)) await node.DisposeAsync();
        foreach (var part in Enumerable.Reverse(_parts)) part.Dispose();
    }

    async Task StartWebAsync(IReadOnlyList<Subscriber> pool)
    {
        string[] identities = [.. pool.Select(member => member.PublicIdentity)];
        var authority = Own(Authority.Create());
        _waf = await WafStand.StartAsync(settings => settings with
        {
            Certificate = authority.Issue(WafHost),
            Waf = settings.Waf with
            {
                TurnKeys = new Dictionary<string, TokenKey>(),
                Clients =
                [
                    .. settings.Waf.Clients.Where(client => client.Pool is null),
                    settings.Waf.Clients.Single(client => client.Pool is not null) with
                    {
                        Pool = new IdentityPool(pool[0].PrivateIdentity, identities),
                    },
                ],
            },
        });
        _nodes.Add(_waf);
        _site = await WwsfNode.StartAsync(
            new()
            {
                Listen = new(IPAddress.Loopback, 0), Store = _waf.Store, Time = _waf.Time,
                WafAddress = new(IPAddress.Loopback, _waf.Node.Port),
                Wwsf = new()
                {
                    Waf = WafStand.Issuer, WafAuthorities = [authority.Public], ClientId = "site",
                    ClientSecret = WafStand.Secret, Impus = identities, AllowsGuests = true,
                },
            },
            _waf.Logs);
        _nodes.Add(_site);
    }

    async Task StartEdgeAsync(ImsCore core, string transport, IReadOnlyList<Subscriber> allowed)
    {
        var verifier = Own(new TokenVerifier(
            [new() { Issuer = WafStand.Issuer.AbsoluteUri, Keys = new(WafStand.Issuer, WafEndpoints.Jwks) }], ImsCore.Domain,
            Own(_waf.NewHandler())));
        Edge = await EdgeStand.StartAsync(core, transport, settings => settings with
        {
            Tokens = new()
            {
                Patience = TimeSpan.FromSeconds(20),
                Wafs =
                [
                    new()
                    {
                        Issuer = WafStand.Issuer.AbsoluteUri, Entity = Entity,
                        WebServers =
                        [
                            new("wwsf.example.test"),
                            new("site", [.. allowed.Select(one => Portunus.Epcscf.IdentityBlock.Parse(one.PublicIdentity))]),
                        ],
                    },
                ],
            },
        }, verifier);
        _nodes.Add(Edge);
    }

    T Own<T>(T part) where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }
}
