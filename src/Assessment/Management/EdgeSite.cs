using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes;
using Portunus.Nodes.Transfer;
using Portunus.Wic;

namespace Portunus.Assessment.Management;

/// <summary>What an eP-CSCF is configured with to give TURN credentials.</summary>
sealed record EdgeConfig : ISiteConfig
{
    /// <summary>The last one mints.</summary>
    public ImmutableArray<(string Id, SharedSecret Secret)> Secrets { get; init; } = [];

    public ImmutableArray<(string Server, TokenKey Key)> Keys { get; init; } = [];

    /// <summary>TURN servers that it offers, and where it tells them of credentials; null where it does not.</summary>
    public ImmutableArray<(string Name, Uri? Control)> Servers { get; init; } = [];

    /// <summary>TURN servers that may ask.</summary>
    public ImmutableArray<string> Readers { get; init; } = [];

    /// <summary>Certificates as a server and as a client; null for none.</summary>
    public (string? Server, string? Client) Shown { get; init; }

    /// <summary>Who certified the TURN servers; null where it reaches none.</summary>
    public string? Authority { get; init; }

    public IEnumerable<SiteItem> Items =>
    [
        .. Secrets.Select(one => new SiteItem(ItemKind.Secret, one.Id)),
        .. Keys.Select(one => new SiteItem(ItemKind.Secret, $"{one.Server} {one.Key.Kid}")),
        .. Servers.Select(one => new SiteItem(ItemKind.Address, $"{one.Name} {one.Control}")),
        .. Readers.Select(name => new SiteItem(ItemKind.Name, name)),
        .. new[] { Shown.Server, Shown.Client }.OfType<string>().Select(id => new SiteItem(ItemKind.Certificate, id)),
        .. Authority is null ? [] : (SiteItem[])[new(ItemKind.Root, Authority)],
    ];
}

/// <summary>
/// The parts of an eP-CSCF that give TURN credentials: provisioning, the transfer to TURN servers, the listener that they ask. What a
/// change touches is stopped and begun anew.
/// </summary>
/// <param name="name">The dNSName of its certificate.</param>
/// <param name="way">Of the fleet.</param>
/// <param name="authority">The operator's.</param>
sealed class EdgeSite(string name, FleetWay way, FleetAuthority authority) : Site(name)
{
    /// <summary>For the acknowledgements of all servers; a busy machine may take longer than a WIC would wait.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly SystemRandom _random = new();
    EdgeConfig _config = new();
    IProvisioning? _provisioning;
    TransferNode? _transfer;
    FetchListener? _fetched;
    int _port;

    /// <summary>Where TURN servers ask it; null where none does.</summary>
    public FinderTarget? Asked => _port == 0 ? null : new(Name, new($"https://localhost:{_port}/"));

    public async Task UseAsync(EdgeConfig config)
    {
        if (_fetched is not null) await _fetched.DisposeAsync();
        _transfer?.Dispose();
        (_provisioning as IDisposable)?.Dispose();
        (_fetched, _transfer, _provisioning, _config) = (null, null, null, config);
        if (!config.Servers.IsEmpty) await StartAsync();
        Items = [.. config.Items];
    }

    /// <summary>A credential of a new registration, as the WIC proves itself with it; by the names of the servers that take it.</summary>
    public async Task<IReadOnlyDictionary<string, TurnClientSettings>> IssueAsync(CancellationToken stop)
    {
        if (_provisioning is null) return ImmutableDictionary<string, TurnClientSettings>.Empty;
        return way.Way.Solution == "Combined"
            ? _config.Servers.ToImmutableDictionary(one => one.Name, one => Token(one.Name))
            : await PasswordAsync(stop);
    }

    public override async ValueTask DisposeAsync() => await UseAsync(new());

    async Task StartAsync()
    {
        var sites = new TurnSites(
            [.. _config.Servers.Select(one => new Epcscf.TurnSite(one.Name, Fleet.Realm, new TurnUri(false, one.Name, 3478, "udp")))],
            most: _config.Servers.Length);
        _provisioning = way.Way.Solution switch
        {
            "A1" => new SharedSecretProvisioning([new(_config.Secrets[^1].Secret)], sites),
            "Combined" => new OAuthProvisioning(sites, _config.Keys.ToImmutableDictionary(one => one.Server, one => one.Key), _random),
            _ when way.IsPull => new PullProvisioning(sites, _random),
            _ => new PushProvisioning(sites, _random),
        };
        if (!way.IsTold) return;
        _transfer = TransferNode.Start(
            new()
            {
                Servers = [.. _config.Servers.Select(one => new TransferTarget(one.Name, Fleet.Realm, one.Control!))],
                Tls = authority.Client(_config.Shown.Client!, Name),
                Rules = new() { Servers = [], RequestDeadline = Patience },
            },
            NullLogger.Instance);
        if (_config.Readers.IsEmpty) return;
        _fetched = await FetchListener.StartAsync(
            new()
            {
                Listen = new(IPAddress.Loopback, _port), Tls = authority.Server(_config.Shown.Server!),
                Readers = _config.Readers.ToImmutableDictionary(reader => reader, reader => reader),
            },
            _transfer, NullLoggerFactory.Instance);
        _port = _fetched.Address.Port;
    }

    TurnClientSettings Token(string server)
    {
        var said = _provisioning!.Provide(SystemClock.Now, Wish(new([TurnCredential.OAuth], null, []) { ServerName = server }));
        return said is Provision.Given { Credential: var credential }
            ? LoneTurn.ProofOf(credential)
            : throw new InvalidOperationException($"{Name} gave no token for {server}.");
    }

    async Task<IReadOnlyDictionary<string, TurnClientSettings>> PasswordAsync(CancellationToken stop)
    {
        IEnumerable<string> servers = _config.Servers.Select(one => one.Name);
        var wish = Wish(new([TurnCredential.Password], null, []));
        var said = _provisioning!.Provide(SystemClock.Now, wish);
        if (said is Provision.Asked { Question: EdgeQuestion.Tell question })
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(Patience);
            EdgeAnswer answer = question is EdgeQuestion.Push push
                ? new EdgeAnswer.Pushed(await _transfer!.PushAsync(push.Credential, push.Servers, patience.Token))
                : new EdgeAnswer.Kept(await _transfer!.KeepAsync(question.Credential, patience.Token));
            if (answer is EdgeAnswer.Pushed { Servers: var acknowledged }) servers = acknowledged;
            said = _provisioning.Provide(SystemClock.Now, wish with { Heard = (question, answer) });
        }

        return said is Provision.Given { Credential: var credential }
            ? servers.ToImmutableDictionary(server => server, _ => LoneTurn.ProofOf(credential))
            : ImmutableDictionary<string, TurnClientSettings>.Empty;
    }

    CredentialWish Wish(TurnCredentialRequest request) => new(
        request, _random.NextUInt64().ToString("x16", CultureInfo.InvariantCulture), SystemClock.Now + TimeSpan.FromHours(1),
        Scenario.Digest);
}
