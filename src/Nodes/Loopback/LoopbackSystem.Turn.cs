using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Nodes.Agent;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;
using Portunus.Turn;

namespace Portunus.Nodes.Loopback;

// Two TURN servers, since one that stands in a media gateway node is another than one with an interface for credentials; and how
// the edge tells credentials to each.
public sealed partial class LoopbackSystem
{
    static readonly TransportAddress Loopback4 = TransportAddress.From(IPAddress.Loopback, 0);
    static readonly TransportAddress Loopback6 = TransportAddress.From(IPAddress.IPv6Loopback, 0);

    readonly LiveRelays _liveRelays = new();

    /// <summary>Whoever is told before whoever tells, and nobody relays before all others of this process listen.</summary>
    async Task StartTurnAsync(
        LoopbackSettings settings, LoopbackKeys keys, LoopbackAuthority authority, IEnumerable<TransportAddress> web,
        ILoggerFactory logs)
    {
        var (server, log) = (authority.Server(), logs.CreateLogger("Portunus.Credentials"));
        var pushed = new PushedCredentials(settings.Realm, new SystemRandom());
        CredentialListenerSettings told = new()
        {
            Listen = new(IPAddress.Loopback, 0),
            Tls = server,
            Writers = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add(keys.EdgeName, [settings.Realm]),
        };
        _credentials = await CredentialListener.StartAsync(told, pushed, EndAsync, logs);
        ImmutableArray<TransportAddress> own = [.. web, TransportAddress.From(_credentials.Address)];
        _agw = await AgwNode.StartAsync(new() { Turn = RelaysOf(settings.Realm, 0, own), Control = told }, logs);
        _transfer = TransferNode.Start(
            new()
            {
                Servers =
                [
                    new(keys.TurnServer, settings.Realm, new($"https://{_credentials.Address}/")),
                    new(keys.Gateway, settings.Realm, new($"{TransferTarget.AgentScheme}://{_agw.Control}/")),
                ],
                Tls = authority.Client(keys.EdgeName),
            },
            log);
        _fetched = await FetchListener.StartAsync(
            new()
            {
                Listen = new(IPAddress.Loopback, 0),
                Tls = server,
                Readers = ImmutableDictionary<string, string>.Empty.Add(keys.TurnServer, keys.TurnServer),
            },
            _transfer,
            logs);
        var finder = Own(CredentialFinder.Start(
            new()
            {
                Edges = [new(keys.EdgeName, new($"https://{_fetched.Address}/"))],
                Tls = authority.Client(keys.TurnServer),
            },
            pushed, EndAsync, log));
        own = [.. own, TransportAddress.From(_fetched.Address), TransportAddress.From(_agw.Control), .. _agw.Turn.Listeners];
        _turn = Own(TurnNode.Start(
            RelaysOf(settings.Realm, settings.TurnPort, own),
            new CredentialVerifier(new CredentialSources
            {
                Realm = settings.Realm,
                Secrets = [keys.Secret],
                TokenKeys = [new(keys.OfWaf), new(keys.OfEdge)],
                ServerName = keys.TurnServer,
                Pushed = pushed,
                AsksEdges = true,
            }),
            logs.CreateLogger("Portunus.Turn"),
            finder));
        Ended = Task.WhenAny(_turn.Ended, _agw.Turn.Ended).Unwrap();
    }

    /// <summary>Peers are the relays of both servers and nobody else: the browsers of this machine meet there.</summary>
    TurnNodeSettings RelaysOf(string realm, int port, ImmutableArray<TransportAddress> listeners)
    {
        ImmutableArray<TransportAddress> own = HasIPv6 ? [Loopback4, Loopback6] : [Loopback4];
        return new()
        {
            Listen = [.. own.Select(address => address.WithPort((ushort)port))],
            ListenFlag = "--turn",
            LiveRelays = _liveRelays,
            Rules = new()
            {
                Realm = realm,
                Relays = [.. own.Select(address => new RelayAddress(address))],
                AllowPeers = [.. own.Select(address => AddressRange.Single(address))],
                OwnListeners = listeners,
                // All of it on one machine, which may be busy; a browser asks again for longer than that.
                FindCredentialDeadline = TimeSpan.FromSeconds(5),
            },
        };
    }

    /// <summary>Until the relays run there is nothing to end.</summary>
    Task EndAsync(IReadOnlyCollection<string> registrations) =>
        _turn?.EndAsync([.. registrations.Select(PushedCredentials.SubjectOf)]) ?? Task.CompletedTask;
}
