using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Assessment.Systems;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Agent;
using Portunus.Nodes.Transfer;
using Portunus.Nodes.Waf;
using Portunus.Turn;
using Portunus.Wic;

namespace Portunus.Assessment.Management;

/// <summary>What a TURN server is configured with to know its clients.</summary>
sealed record TurnConfig : ISiteConfig
{
    public ImmutableArray<(string Id, SharedSecret Secret)> Secrets { get; init; } = [];

    public ImmutableArray<TokenKey> Keys { get; init; } = [];

    /// <summary>WAFs that it fetches keys from.</summary>
    public ImmutableArray<(string Waf, Uri Keys, FleetAuthority Signer)> Sources { get; init; } = [];

    /// <summary>eP-CSCFs that may tell it of credentials.</summary>
    public ImmutableArray<string> Writers { get; init; } = [];

    /// <summary>eP-CSCFs that it asks.</summary>
    public ImmutableArray<FinderTarget> Asked { get; init; } = [];

    /// <summary>Certificates as a server and as a client; null for none.</summary>
    public (string? Server, string? Client) Shown { get; init; }

    /// <summary>Who certified the eP-CSCFs; null where none comes.</summary>
    public string? Authority { get; init; }

    public IEnumerable<SiteItem> Items =>
    [
        .. Secrets.Select(one => new SiteItem(ItemKind.Secret, one.Id)), .. Keys.Select(key => new SiteItem(ItemKind.Secret, key.Kid)),
        .. Sources.Select(one => new SiteItem(ItemKind.Address, one.Keys.AbsoluteUri)),
        .. Sources.Select(one => new SiteItem(ItemKind.Root, one.Signer.Name)),
        .. Writers.Select(name => new SiteItem(ItemKind.Name, name)),
        .. Asked.Select(one => new SiteItem(ItemKind.Address, $"{one.Name} {one.Address}")),
        .. new[] { Shown.Server, Shown.Client }.OfType<string>().Select(id => new SiteItem(ItemKind.Certificate, id)),
        .. Authority is null ? [] : (SiteItem[])[new(ItemKind.Root, Authority)],
    ];
}

/// <summary>
/// The parts of a TURN server that know its clients: verifier, table, listener or control connection, fetcher, finder; as
/// <c>portunus serve</c> joins them. What a change touches is stopped and begun anew.
/// </summary>
/// <param name="name">The server's name in certificates and tokens.</param>
/// <param name="way">Of the fleet.</param>
/// <param name="authority">The operator's.</param>
sealed class TurnSite(string name, FleetWay way, FleetAuthority authority) : Site(name)
{
    /// <summary>Five minutes in a network, and a WAF shows a key twenty minutes before it uses it; here nobody waits for that.</summary>
    public static readonly TimeSpan FetchInterval = TimeSpan.FromMilliseconds(500);

    TurnConfig _config = new();
    PushedCredentials _table = new(Fleet.Realm, new SystemRandom());
    CredentialListener? _listener;
    AgentListener? _agent;
    TurnKeyFetcher? _fetcher;
    CredentialFinder? _finder;
    X509Certificate2? _certificate;
    int _port;

    /// <summary>Where eP-CSCFs tell it of credentials; null where none does.</summary>
    public Uri? Control => _port == 0 ? null : new($"{(way.IsIntegrated ? TransferTarget.AgentScheme : "https")}://localhost:{_port}/");

    IEnumerable<TokenKey> FetchedKeys => _fetcher?.Keys.Select(key => key.Key) ?? [];

    /// <summary>Names of the keys that it has fetched.</summary>
    public ImmutableHashSet<string> Fetched => [.. FetchedKeys.Select(key => key.Kid)];

    public async Task UseAsync(TurnConfig config)
    {
        var old = _config;
        _config = config;
        if (!old.Writers.SequenceEqual(config.Writers) || old.Shown.Server != config.Shown.Server) await ListenAsync();
        if (!old.Sources.SequenceEqual(config.Sources) || old.Shown.Client != config.Shown.Client) await FetchAsync();
        // It puts what it finds in the table, which is another one after the listener began anew.
        Find();
        Items = [.. config.Items];
    }

    /// <summary>Whether a client relays with a credential: asks the eP-CSCFs first where that is the way.</summary>
    public async Task<bool> AcceptsAsync(TurnClientSettings proof, CancellationToken stop)
    {
        if (_finder is { } finder && proof.Token is null) await finder.FindAsync(proof.Username, stop);
        var verifier = new CredentialVerifier(new CredentialSources
        {
            Realm = Fleet.Realm,
            ServerName = Name,
            Secrets = [.. _config.Secrets.Select(one => one.Secret)],
            TokenKeys = [.. _config.Keys.Concat(FetchedKeys).Select(key => new TokenKeySource(key))],
            Pushed = way.IsTold ? _table : null,
        });
        return new LoneTurn(verifier, Fleet.Realm).TryAllocate(SystemClock.Now, proof, out _);
    }

    public override async ValueTask DisposeAsync() => await UseAsync(new());

    /// <summary>As after a start anew: what was told before is gone.</summary>
    async Task ListenAsync()
    {
        if (_listener is not null) await _listener.DisposeAsync();
        if (_agent is not null) await _agent.DisposeAsync();
        (_listener, _agent, _table) = (null, null, new(Fleet.Realm, new SystemRandom()));
        if (_config.Writers.IsEmpty) return;
        var settings = new CredentialListenerSettings
        {
            Listen = new(IPAddress.Loopback, _port),
            Tls = authority.Server(_config.Shown.Server!),
            Writers = _config.Writers.ToImmutableDictionary(edge => edge, _ => (ImmutableArray<string>)[Fleet.Realm]),
        };
        if (way.IsIntegrated) _agent = AgentListener.Start(settings, _table, Ended, NullLoggerFactory.Instance);
        else _listener = await CredentialListener.StartAsync(settings, _table, Ended, NullLoggerFactory.Instance);
        _port = (_agent?.Address ?? _listener!.Address).Port;

        static Task Ended(IReadOnlyCollection<string> registrations) => Task.CompletedTask;
    }

    async Task FetchAsync()
    {
        if (_fetcher is not null) await _fetcher.DisposeAsync();
        _certificate?.Dispose();
        (_fetcher, _certificate) = (null, null);
        if (_config.Sources.IsEmpty) return;
        var files = authority.Client(_config.Shown.Client!, Name);
        _certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        _fetcher = await TurnKeyFetcher.StartAsync(
            new()
            {
                ServerName = Name,
                Certificate = _certificate,
                Sources = [.. _config.Sources.Select(one => new TurnKeySource(one.Keys, [one.Signer.Root]))],
                Interval = FetchInterval,
            },
            _ => { }, NullLoggerFactory.Instance);
    }

    void Find()
    {
        _finder?.Dispose();
        _finder = _config.Asked.IsEmpty
            ? null
            : CredentialFinder.Start(
                new() { Edges = _config.Asked, Tls = authority.Client(_config.Shown.Client!, Name) }, _table, _ => Task.CompletedTask,
                NullLogger.Instance);
    }
}
