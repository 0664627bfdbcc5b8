using Microsoft.Extensions.Logging;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes.Core;
using Portunus.Nodes.Mw;
using Portunus.Nodes.Outside;
using Portunus.Nodes.Relay;
using Portunus.Store;

namespace Portunus.Nodes.Loopback;

public sealed partial class LoopbackSystem
{
    void StartSignalling(
        LoopbackSettings settings, LoopbackKeys keys, SignInPlan plan, ITokenVerifier tokens, SubscriberStore subscribers,
        ILoggerFactory logs)
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
            () => MakeWays(settings.Realm, keys),
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

    ChosenWay MakeWays(string realm, LoopbackKeys keys)
    {
        var sites = SitesOf(keys.TurnServer, _turn!);
        var random = new SystemRandom();
        var shared = new SharedSecretProvisioning([new(keys.Secret)], sites);
        var tokens = Own(new OAuthProvisioning(
            sites, new Dictionary<string, TokenKey> { [keys.TurnServer] = keys.OfEdge }, random));
        return new(
            // Of who names no way: a native client asks by the type alone, and gets what it can use.
            ("combined", new CombinedProvisioning(tokens, shared)),
            ("a1", shared),
            ("a2-push", new PushProvisioning(sites, random)),
            ("a2-pull", new NamedApart(new PullProvisioning(sites, random), "-pull")),
            ("a2-integrated", new NamedApart(new PushProvisioning(SitesOf(keys.Gateway, _agw!.Turn), random), "-integrated")),
            ("s0", new DigestProvisioning()));

        // By number and not as "localhost": that has two addresses, a browser takes one of them, and a TURN client that is bound
        // to the other family then has no server. 127.0.0.1 is there on every machine.
        TurnSites SitesOf(string name, TurnNode node) =>
            new([new(name, realm, new TurnUri(Secure: false, "127.0.0.1", node.Listeners[0].Port, "udp"))]);
    }
}
