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
    static readonly SharedSecret Secret = new(SecretHash.Sha1, "a secret for benchmarks"u8);

    readonly SeededRandom _random = new(1);
    readonly byte[] _head = new byte[TurnServer.HeadSize];

    public EmbeddedRelay(int allocations)
    {
        var settings = new TurnSettings
        {
            Realm = "ims.localhost",
            Relays = [new(TransportAddress.IPv4(0xCB007101, 0))],
            RelayPorts = new(1024, 65535),
        };
        Server = new(new(0), settings, new(settings), new CredentialVerifier(settings.Realm, [], [Secret]),
            NonceKeys.Draw(_random), _random);
        for (var i = 0; i < allocations; i++) Clients.Add(Allocate(i));
    }

    public Instant Now { get; } = Instant.FromUnixSeconds(1_700_000_000);

    public TurnServer Server { get; }

    public List<Client> Clients { get; } = [];

    /// <summary>A whole Allocate: 401, credential, relay, success.</summary>
    public Client Allocate(int number)
    {
        var credential = TimeLimitedCredential.Mint(Secret, Now.UnixSeconds + 3600, _random.NextToken(12));
        var path = new ClientPath(new(TransportAddress.IPv4(0x0B000000u + (uint)(number >> 14), (ushort)(1024 + (number & 0x3FFF))),
            Listener, ClientTransport.Udp), 0);
        var machine = new TurnClient(new() { Username = credential.Username, Password = credential.Password, Rfc5389Only = true }, _random);
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
