using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes.Core;
using Portunus.Nodes.Mw;
using Portunus.Nodes.Outside;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Transfer;
using Portunus.Store;
using Portunus.Turn;

namespace Portunus.Nodes.Loopback;

public sealed partial class LoopbackSystem
{
    static readonly TransportAddress Loopback4 = TransportAddress.From(IPAddress.Loopback, 0);
    static readonly TransportAddress Loopback6 = TransportAddress.From(IPAddress.IPv6Loopback, 0);

    /// <summary>
    /// With the listener for pushed credentials. Peers are the relays of this server and nobody else: the browsers of this
    /// machine meet there.
    /// </summary>
    async Task<TurnNode> StartTurnAsync(
        LoopbackSettings settings, LoopbackKeys keys, LoopbackAuthority authority, ImmutableArray<TransportAddress> web,
        ILoggerFactory logs)
    {
        TurnNode? node = null;
        var pushed = new PushedCredentials(settings.Realm, new SystemRandom());
        // Before the relays, whose peer it must not be; until they run there is nothing to end.
        _credentials = await CredentialListener.StartAsync(
            new()
            {
                Listen = new(IPAddress.Loopback, 0),
                Tls = authority.Server(),
                Writers = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add(keys.EdgeName, [settings.Realm]),
            },
            pushed,
            ended => node?.EndAsync([.. ended.Select(PushedCredentials.SubjectOf)]) ?? Task.CompletedTask,
            logs);
        ImmutableArray<TransportAddress> own = HasIPv6 ? [Loopback4, Loopback6] : [Loopback4];
        node = Own(TurnNode.Start(
            new()
            {
                Listen = [.. own.Select(address => address.WithPort((ushort)settings.TurnPort))],
                ListenFlag = "--turn",
                Rules = new()
                {
                    Realm = settings.Realm,
                    Relays = [.. own.Select(address => new RelayAddress(address))],
                    AllowPeers = [.. own.Select(address => AddressRange.Single(address))],
                    OwnListeners = [.. web, TransportAddress.From(_credentials.Address)],
                },
            },
            new CredentialVerifier(new CredentialSources
            {
                Realm = settings.Realm,
                Secrets = [keys.Secret],
                TokenKeys = [new(keys.OfWaf), new(keys.OfEdge)],
                ServerName = keys.TurnServer,
                Pushed = pushed,
            }),
            logs.CreateLogger("Portunus.Turn")));
        return node;
    }

    TransferNode StartTransfer(
        LoopbackSettings settings, LoopbackKeys keys, LoopbackAuthority authority, ILoggerFactory logs) => TransferNode.Start(
        new()
        {
            Servers = [new(keys.TurnServer, settings.Realm, new($"https://{_credentials!.Address}/"))],
            Tls = authority.Client(keys.EdgeName),
        },
        logs.CreateLogger("Portunus.Credentials"));

    void StartSignalling(
        LoopbackSettings settings, LoopbackKeys keys, SignInPlan plan, ITokenVerifier tokens, TransportAddress turn,
        SubscriberStore subscribers, ILoggerFactory logs)
    {
        var (edgeEnd, coreEnd) = MwPipe.Create(logs.CreateLogger("Portunus.Mw"));
        _edge = new(
            new()
            {
                HomeDomain = settings.Realm,
                Host = keys.EdgeName,
                TokenKey = LoopbackKeys.Draw(),
                Tokens = TrustOf(plan),
                // The browser windows of one machine, and tests; what runs on this machine can at worst use up that.
                Flows = 1000,
                Transactions = 10_000,
            },
            settings.Shards,
            () => MakeWays(settings.Realm, keys, turn),
            edgeEnd,
            logs.CreateLogger("Portunus.Epcscf"),
            new EdgeOutside { Tokens = tokens, Push = _transfer });
        Core = Own(new CscfNode(
            new() { HomeDomain = settings.Realm, Host = $"scscf.{settings.Realm}", NonceKey = LoopbackKeys.Draw() },
            subscribers,
            coreEnd,
            logs.CreateLogger("Portunus.HomeCore")));
        _edge.Start();
        Core.Start();
    }

    ChosenWay MakeWays(string realm, LoopbackKeys keys, TransportAddress turn)
    {
        // By number and not as "localhost": that has two addresses, a browser takes one of them, and a TURN client that is bound
        // to the other family then has no server. 127.0.0.1 is there on every machine.
        var sites = new TurnSites([new(keys.TurnServer, realm, new TurnUri(Secure: false, "127.0.0.1", turn.Port, "udp"))]);
        var random = new SystemRandom();
        var shared = new SharedSecretProvisioning([new(keys.Secret)], sites);
        var tokens = Own(new OAuthProvisioning(
            sites, new Dictionary<string, TokenKey> { [keys.TurnServer] = keys.OfEdge }, random));
        return new(
            // Of who names no way: a native client asks by the type alone, and gets what it can use.
            ("combined", new CombinedProvisioning(tokens, shared)),
            ("a1", shared),
            ("a2-push", new PushProvisioning(sites, random)),
            ("s0", new DigestProvisioning()));
    }
}
