using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes.Core;
using Portunus.Nodes.Mw;
using Portunus.Nodes.Relay;
using Portunus.Store;
using Portunus.Turn;

namespace Portunus.Nodes.Loopback;

public sealed partial class LoopbackSystem
{
    static readonly TransportAddress Loopback4 = TransportAddress.From(System.Net.IPAddress.Loopback, 0);
    static readonly TransportAddress Loopback6 = TransportAddress.From(System.Net.IPAddress.IPv6Loopback, 0);

    /// <summary>Peers are the relays of this server and nobody else: the browsers of this machine meet there.</summary>
    TurnNode StartTurn(
        LoopbackSettings settings, SharedSecret secret, ImmutableArray<TransportAddress> webListeners, ILoggerFactory logs)
    {
        ImmutableArray<TransportAddress> own = HasIPv6 ? [Loopback4, Loopback6] : [Loopback4];
        return TurnNode.Start(
            new()
            {
                Listen = [.. own.Select(address => address.WithPort((ushort)settings.TurnPort))],
                ListenFlag = "--turn",
                Rules = new()
                {
                    Realm = settings.Realm,
                    Relays = [.. own.Select(address => new RelayAddress(address))],
                    AllowPeers = [.. own.Select(address => AddressRange.Single(address))],
                    OwnListeners = webListeners,
                },
            },
            new CredentialVerifier(settings.Realm, [], [secret]),
            logs.CreateLogger("Portunus.Turn"));
    }

    static EdgeNode MakeEdge(
        LoopbackSettings settings, SharedSecret secret, TransportAddress turn, IMw mw, SystemRandom random, ILoggerFactory logs)
    {
        // By number and not as "localhost": that has two addresses, a browser takes one of them, and a TURN client that is bound
        // to the other family then has no server. 127.0.0.1 is there on every machine.
        var uri = new TurnUri(Secure: false, "127.0.0.1", turn.Port, "udp");
        return new(
            new()
            {
                HomeDomain = settings.Realm,
                Host = $"epcscf.{settings.Realm}",
                TokenKey = Draw(random),
                // The browser windows of one machine, and tests; what runs on this machine can at worst use up that.
                Flows = 1000,
                Transactions = 10_000,
            },
            settings.Shards,
            () => new SharedSecretProvisioning(secret, settings.Realm, [uri]),
            mw,
            logs.CreateLogger("Portunus.Epcscf"));
    }

    static CscfNode MakeCore(
        LoopbackSettings settings, SubscriberStore subscribers, IMw mw, SystemRandom random, ILoggerFactory logs) =>
        new(
            new() { HomeDomain = settings.Realm, Host = $"scscf.{settings.Realm}", NonceKey = Draw(random) },
            subscribers,
            mw,
            logs.CreateLogger("Portunus.HomeCore"));
}
