using System.Net;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Turn;
using Portunus.Wic;
using Scenario = Portunus.Epcscf.Scenario;

namespace Portunus.Assessment.Security;

/// <summary>
/// One client and one TURN server whose clock is apart from that of who made the credential, as machines in virtual time: the
/// credential is made by the way's own code, sent by the native client, and judged by the server's.
/// </summary>
/// <param name="way">How the credential is made.</param>
/// <param name="seed">Of all chance.</param>
sealed class SkewTrial(Way way, ulong seed)
{
    /// <summary>Of a registration that a client asks for: what the credential of an edge follows, with a minute more.</summary>
    public const int Registration = 600;

    /// <summary>Of a token that a WAF gives, in seconds: half an hour, as it does by default.</summary>
    public const int WafToken = 1800;

    const string Opaque = "0123456789abcdef", User = "wic0@ims.example.net", Password = "right";

    /// <summary>More datagrams than an Allocate needs say that client and server go in circles.</summary>
    const int MostDatagrams = 16;

    static readonly Instant Now = Instant.FromUnixSeconds(1_800_000_000);
    static readonly TransportAddress Relay = TransportAddress.From(IPAddress.Parse("198.51.100.4"), 0);
    static readonly TransportAddress Server = TransportAddress.From(IPAddress.Parse("198.51.100.4"), 3478);
    static readonly TransportAddress Client = TransportAddress.From(IPAddress.Parse("203.0.113.7"), 40000);

    readonly SeededRandom _random = new(seed);
    readonly byte[] _head = new byte[TurnServer.HeadSize];

    /// <summary>What the server gives the client: the lifetime of its allocation, in seconds; null when it refuses.</summary>
    /// <param name="skew">By how many seconds the server's clock is ahead.</param>
    /// <param name="change">Puts another judge of credentials into the server; null for its own.</param>
    public uint? Allocate(int skew, Func<ICredentialVerifier, ICredentialVerifier>? change = null)
    {
        var there = new Instant(Now.MonotonicTicks, Now.WallTicks + (skew * TimeSpan.TicksPerSecond));
        var pushed = new PushedCredentials(StudySystem.Realm, _random);
        var sources = new CredentialSources { Realm = StudySystem.Realm, ServerName = StudySystem.TurnName };
        var (shown, told, known) = Make(sources);
        if (told is not null) sources = sources with { Pushed = pushed, AsksEdges = way == Way.A2Pull };
        else sources = known;
        ICredentialVerifier verifier = new CredentialVerifier(sources);
        var settings = new TurnSettings { Realm = StudySystem.Realm, Relays = [new(Relay)] };
        var server = new TurnServer(
            new(0), settings, new(settings), change?.Invoke(verifier) ?? verifier, NonceKeys.Draw(_random), _random);
        if (told is not null && way != Way.A2Pull) Tell(there, pushed, told);
        return Run(new(shown, _random), server, there, () => Tell(there, pushed, told!));
    }

    /// <summary>The server judges what it is told by its own clock.</summary>
    static bool Tell(Instant there, PushedCredentials table, PushedCredential told) =>
        table.Put(there, StudySystem.EdgeName, told, null, []).Result is PushResult.Created or PushResult.Kept;

    /// <summary>The credential; what the server is told of it, if it is told; and what it has beforehand.</summary>
    (TurnClientSettings Shown, PushedCredential? Told, CredentialSources Known) Make(CredentialSources sources)
    {
        var key = new TokenKey("key-1", TokenAlgorithm.A256Gcm, Drawn());
        var secret = new SharedSecret(SecretHash.Sha256, Drawn());
        var sites = new TurnSites(
            [new(StudySystem.TurnName, StudySystem.Realm, new TurnUri(Secure: false, "198.51.100.4", 3478, "udp"))]);
        switch (way.Solution)
        {
            case "S0":
                return (new() { Username = User, Password = Password }, null, sources with { Users = [new(User, Password)] });
            case "OAuth":
                using (var issuer = new TokenIssuer(key, StudySystem.TurnName, _random))
                    return (
                        new() { Token = issuer.Issue(Now, issuer.DrawId(), WafToken, TokenMacKey.Sha256Length) }, null,
                        sources with { TokenKeys = [new(key)] });
            case "A1":
                return (Given(new SharedSecretProvisioning([new(secret)], sites)).Shown, null, sources with { Secrets = [secret] });
            case "Combined":
                using (var edge = new OAuthProvisioning(
                    sites, new Dictionary<string, TokenKey> { [StudySystem.TurnName] = key }, _random))
                    return (Given(edge, TurnCredential.OAuth).Shown, null, sources with { TokenKeys = [new(key)] });
            default:
                IProvisioning edgeOfA2 = way == Way.A2Pull ? new PullProvisioning(sites, _random) : new PushProvisioning(sites, _random);
                var (shown, told) = Given(edgeOfA2);
                return (shown, told, sources);
        }
    }

    /// <summary>As an edge gives it: whom it asks on the way has room, and acknowledges.</summary>
    (TurnClientSettings Shown, PushedCredential? Told) Given(IProvisioning edge, string type = TurnCredential.Password)
    {
        var wish = new CredentialWish(new([type], null, []), Opaque, Now + TimeSpan.FromSeconds(Registration), Scenario.Digest);
        var provision = edge.Provide(Now, wish);
        PushedCredential? told = null;
        if (provision is Provision.Asked { Question: EdgeQuestion.Tell question })
        {
            told = question.Credential;
            EdgeAnswer answer = question is EdgeQuestion.Push ? new EdgeAnswer.Pushed([StudySystem.TurnName]) : new EdgeAnswer.Kept(true);
            provision = edge.Provide(Now, wish with { Heard = (question, answer) });
        }

        return provision is Provision.Given { Credential: var credential }
            ? (Nodes.Wic.TurnAccess.Of(credential).Credential, told)
            : throw new InvalidOperationException($"{way} gives nothing.");
    }

    uint? Run(TurnClient client, TurnServer server, Instant there, Func<bool> tell)
    {
        client.Allocate(Now);
        for (var sent = 0; sent < MostDatagrams;)
        {
            if (!client.TryTake(out var effect)) return null;
            switch (effect)
            {
                case TurnClientEffect.Allocated allocated:
                    return (uint)allocated.Lifetime.TotalSeconds;
                case TurnClientEffect.Failed or TurnClientEffect.Ended:
                    return null;
                case TurnClientEffect.ToServer(var datagram):
                    sent++;
                    var path = new ClientPath(new(Client, Server, ClientTransport.Udp), 0);
                    if (Answer(server, there, server.OnClient(there, path, datagram.Span, _head), tell) is { } reply)
                        client.OnServer(Now, reply);
                    break;
            }
        }

        return null;
    }

    /// <summary>What the server says in the end, with what it asks on the way answered.</summary>
    byte[]? Answer(TurnServer server, Instant there, Forward forward, Func<bool> tell)
    {
        while (true)
        {
            byte[]? reply = forward.Kind == ForwardKind.Drop ? null : _head.AsSpan(0, forward.Head).ToArray();
            TurnEffect.Ask? asked = null;
            while (server.TryTake(out var effect)) asked ??= effect as TurnEffect.Ask;
            if (asked is null) return reply;
            TurnAnswer answer = asked.Question switch
            {
                TurnQuestion.OpenRelay open => new TurnAnswer.RelayOpened(open.Relay),
                _ => tell() ? new TurnAnswer.CredentialFound() : new TurnAnswer.CredentialUnknown(),
            };
            forward = server.OnAnswer(there, asked.Id, answer, _head);
        }
    }

    byte[] Drawn()
    {
        var key = new byte[32];
        _random.Fill(key);
        return key;
    }
}
