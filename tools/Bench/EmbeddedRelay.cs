using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Turn;
using Portunus.Wic;

namespace Portunus.Bench;

/// <summary>One TURN worker with clients of the native WIC, all in this process and without a socket.</summary>
sealed class EmbeddedRelay
{
    static readonly TransportAddress Listener = TransportAddress.IPv4(0xC0000201, 3478);
    const string Realm = "ims.localhost";
    const string ServerName = "turn1.ims.localhost";

    static readonly SharedSecret Secret = new(SecretHash.Sha1, "a secret for benchmarks"u8);
    static readonly TokenKey Key = new("edge1-turn1-1", TokenAlgorithm.A256Gcm, "a key of 32 bytes for benchmarks"u8);

    readonly SeededRandom _random = new(1);
    readonly byte[] _head = new byte[TurnServer.HeadSize];
    readonly TurnClientSettings _proof;

    /// <param name="allocations">Live before the first measurement.</param>
    /// <param name="proof">Of all clients; one credential, made beforehand, is shared by them.</param>
    public EmbeddedRelay(int allocations, Proof proof = Proof.TimeLimited)
    {
        var settings = new TurnSettings
        {
            Realm = Realm,
            Relays = [new(TransportAddress.IPv4(0xCB007101, 0))],
            RelayPorts = new(1024, 65535),
            UserQuota = 100_000,
            StaticUserQuota = 100_000,
            // A benchmark asks more often at one moment than anybody may.
            Unauthenticated = new()
            {
                AnswersPerSecond = 100_000_000, Burst = 100_000_000, BytesPerSecond = int.MaxValue, BytesAtOnce = int.MaxValue,
            },
        };
        var pushed = new PushedCredentials(Realm, _random);
        _proof = ProofOf(proof, pushed);
        Server = new(new(0), settings, new(settings), new CredentialVerifier(new CredentialSources
            {
                Realm = Realm, ServerName = ServerName, Users = [new("static", "password")], Secrets = [Secret],
                TokenKeys = [new(Key)], Pushed = pushed,
            }),
            NonceKeys.Draw(_random), _random);
        for (var i = 0; i < allocations; i++) Clients.Add(Allocate(i));
    }

    public Instant Now { get; } = Instant.FromUnixSeconds(1_700_000_000);

    public TurnServer Server { get; }

    public List<Client> Clients { get; } = [];

    /// <summary>A whole Allocate: 401, credential, relay, success.</summary>
    public Client Allocate(int number)
    {
        var path = new ClientPath(new(TransportAddress.IPv4(0x0B000000u + (uint)(number >> 14), (ushort)(1024 + (number & 0x3FFF))),
            Listener, ClientTransport.Udp), 0);
        var machine = new TurnClient(_proof, _random);
        var client = new Client(path, machine, TransportAddress.IPv4(0x08080000u + (uint)number, 40000));
        machine.Allocate(Now);
        Exchange(client);
        machine.Bind(Now, client.Peer);
        Exchange(client);
        return client.Relayed is null || client.Channel is null
            ? throw new InvalidOperationException("The server did not serve a client of the benchmark.")
            : client;
    }

    public void Release(Client client)
    {
        client.Machine.Release(Now);
        Exchange(client);
    }

    TurnClientSettings ProofOf(Proof proof, PushedCredentials pushed)
    {
        switch (proof)
        {
            case Proof.Static:
                return new() { Username = "static", Password = "password", Rfc5389Only = true };
            case Proof.TimeLimited:
                var minted = TimeLimitedCredential.Mint(Secret, Now.UnixSeconds + 3600, _random.NextToken(12));
                return new() { Username = minted.Username, Password = minted.Password, Rfc5389Only = true };
            case Proof.Pushed:
                var (md5, sha256) = (Derive(PasswordAlgorithm.Md5), Derive(PasswordAlgorithm.Sha256));
                pushed.Put(Now, "edge1", new(Realm, "pushed", md5, sha256, Now.UnixSeconds + 3600, "registration", 1,
                    CredentialLimits.None), null, []);
                return new() { Username = "pushed", Password = "password", Rfc5389Only = true };
            default:
                using (var issuer = new TokenIssuer(Key, ServerName, _random))
                    return new() { Token = issuer.Issue(Now, issuer.DrawId(), 3600, proof is Proof.Token ? 20 : 32) };
        }

        static LongTermKey Derive(PasswordAlgorithm algorithm) =>
            LongTermKey.Derive(algorithm, "pushed"u8, Encoding.UTF8.GetBytes(Realm), "password"u8);
    }

    /// <summary>Carries what both machines say until both are silent.</summary>
    void Exchange(Client client)
    {
        while (client.Machine.TryTake(out var effect))
        {
            switch (effect)
            {
                case TurnClientEffect.ToServer(var datagram):
                    Answer(client, Server.OnClient(Now, client.Path, datagram.Span, _head));
                    Perform(client);
                    break;
                case TurnClientEffect.Allocated allocated:
                    client.Relayed = allocated.Relayed;
                    break;
                case TurnClientEffect.Admitted admitted:
                    client.Channel = admitted.Channel;
                    break;
                case TurnClientEffect.Failed failed:
                    throw new InvalidOperationException($"{failed.Method}: {failed.Cause} {failed.Code}");
            }
        }
    }

    void Perform(Client client)
    {
        while (Server.TryTake(out var effect))
        {
            if (effect is not TurnEffect.Ask { Question: TurnQuestion.OpenRelay open } ask) continue;
            client.Relay = open.Relay;
            Answer(client, Server.OnAnswer(Now, ask.Id, new TurnAnswer.RelayOpened(open.Relay), _head));
        }
    }

    void Answer(Client client, Forward forward)
    {
        if (forward.Kind == ForwardKind.ToClient) client.Machine.OnServer(Now, _head.AsSpan(0, forward.Head));
    }

    /// <summary>A client, and what it was given.</summary>
    internal sealed class Client(ClientPath path, TurnClient machine, TransportAddress peer)
    {
        public ClientPath Path => path;

        public TurnClient Machine => machine;

        public TransportAddress Peer => peer;

        public RelayId Relay { get; set; }

        public TransportAddress? Relayed { get; set; }

        public ChannelNumber? Channel { get; set; }
    }
}
