using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>A TURN server on a test stand: a clock set by hand, an outside that answers as told, effects that are kept.</summary>
sealed class TurnStand
{
    public const string Realm = "ims.example.net";

    readonly byte[] _head = new byte[TurnServer.HeadSize];

    public TurnStand(
        TurnSettings? settings = null, ICredentialVerifier? verifier = null, ulong seed = 1, TurnLedger? ledger = null,
        byte worker = 0)
    {
        Settings = settings ?? Ordinary;
        Ledger = ledger ?? new(Settings);
        Random = new SeededRandom(seed);
        Keys = NonceKeys.Draw(new SeededRandom(99));
        Server = new(new(worker), Settings, Ledger, verifier ?? Users(), Keys, Random);
    }

    /// <summary>Relays on one public address of each family.</summary>
    public static TurnSettings Ordinary { get; } = new()
    {
        Realm = Realm,
        Relays = [new(IP("198.41.0.4:0")), new(IP("[2620:fe::9]:0"))],
        // Tests ask thousands of times from one address at one moment; those of the limits set their own.
        Unauthenticated = new()
        {
            AnswersPerSecond = 1_000_000, Burst = 1_000_000, BytesPerSecond = 1_000_000_000, BytesAtOnce = 1_000_000_000, Sources = 64,
        },
    };

    public TurnSettings Settings { get; }

    public TurnLedger Ledger { get; }

    public TurnServer Server { get; }

    public SeededRandom Random { get; }

    public NonceKeys Keys { get; set; }

    public Instant Now { get; set; } = Instant.FromUnixSeconds(1_800_000_000);

    /// <summary>What the outside says to a question; null is silence.</summary>
    public Func<TurnQuestion.OpenRelay, TurnAnswer?> Outside { get; set; } =
        question => new TurnAnswer.RelayOpened(question.Relay) { Next = question.Next };

    /// <summary>What becomes of a socket that another worker holds; null is silence.</summary>
    public Func<TurnQuestion.YieldRelay, TurnAnswer?> Others { get; set; } = _ => null;

    /// <summary>What the edges say to a username; null is silence.</summary>
    public Func<TurnQuestion.FindCredential, TurnAnswer?> Edges { get; set; } = _ => null;

    /// <summary>Brings what this worker heard for another one there, and returns what that one makes of it.</summary>
    public Func<TurnReply, TurnReply> Carry { get; set; } = reply => reply;

    /// <summary>Brings an order to another worker.</summary>
    public Action<TurnEffect.Post> Bring { get; set; } = _ => { };

    /// <summary>What becomes of a connection to a peer; null is silence.</summary>
    public Func<TurnQuestion.ConnectPeer, TurnAnswer?> Peers { get; set; } = _ => new TurnAnswer.PeerConnected();

    /// <summary>All effects since the start, in order.</summary>
    public List<TurnEffect> Effects { get; } = [];

    public IEnumerable<TurnQuestion.OpenRelay> Asked =>
        Effects.OfType<TurnEffect.Ask>().Select(ask => ask.Question).OfType<TurnQuestion.OpenRelay>();

    /// <summary>The names that edges were asked for.</summary>
    public IEnumerable<string> Sought =>
        Effects.OfType<TurnEffect.Ask>().Select(ask => ask.Question).OfType<TurnQuestion.FindCredential>().Select(f => f.Username);

    public IEnumerable<RelayId> Closed => Effects.OfType<TurnEffect.CloseRelay>().Select(close => close.Relay);

    public HashSet<RelayId> Opened { get; } = [];

    /// <summary>Connections with peers that the outside has, or tries to have.</summary>
    public HashSet<ConnectionId> Connected { get; } = [];

    public IEnumerable<TurnQuestion.ConnectPeer> Connects =>
        Effects.OfType<TurnEffect.Ask>().Select(ask => ask.Question).OfType<TurnQuestion.ConnectPeer>();

    public static TransportAddress IP(string text) =>
        TransportAddress.TryParse(text, out var address) ? address : throw new FormatException(text);

    public static CredentialVerifier Users(params SharedSecret[] secrets) =>
        new(Realm, [new("alice", "wonderland"), new("bob", "builder")], secrets);

    public static SharedSecret Secret(string text) =>
        SharedSecret.TryParse(text, out var secret) ? secret : throw new FormatException();

    /// <summary>One message in; what is asked of the outside is answered at once.</summary>
    public TurnReply Send(ClientPath path, ReadOnlySpan<byte> message) =>
        Settle(Made(Server.OnClient(Now, path, message, _head), message));

    /// <summary>The same for one that another worker heard.</summary>
    public TurnReply Carried(ClientPath path, ReadOnlySpan<byte> message) =>
        Settle(Made(Server.OnCarried(Now, path, message, _head), message));

    /// <summary>A connection is closed.</summary>
    public void Close(ClientPath path)
    {
        Server.OnClosed(Now, path);
        Settle(Made(Forward.Drop(DropReason.Nothing), default));
    }

    public TurnReply FromPeer(RelayId relay, TransportAddress peer, ReadOnlySpan<byte> payload) =>
        Settle(Made(Server.OnPeer(Now, relay, peer, payload, _head), payload));

    public TurnReply FromIcmp(RelayId relay, TransportAddress peer, IcmpError error) =>
        Settle(Made(Server.OnIcmp(Now, relay, peer, error, _head), default));

    /// <summary>A peer connects to a relay.</summary>
    public TurnReply Knock(RelayId relay, string peer)
    {
        var reply = Made(Server.OnPeerConnection(Now, relay, IP(peer), _head, out var id), default);
        if (reply.Forward.Kind != ForwardKind.Drop) Assert.True(Connected.Add(id), "told twice");
        return Settle(reply);
    }

    /// <summary>The outside has lost a connection with a peer.</summary>
    public void LosePeer(uint? id)
    {
        Server.OnPeerClosed(Now, new(id!.Value));
        Settle(Made(Forward.Drop(DropReason.Nothing), default));
    }

    /// <summary>A client has closed its connection.</summary>
    public void LoseClient(ClientPath path)
    {
        Server.OnClosed(Now, path);
        Settle(Made(Forward.Drop(DropReason.Nothing), default));
    }

    public TurnReply Answer(AskId id, TurnAnswer answer) => Settle(Made(Server.OnAnswer(Now, id, answer, _head), default));

    /// <summary>The node gives an order.</summary>
    public void Order(TurnOrder order)
    {
        Server.OnOrder(Now, order);
        Settle(Made(Forward.Drop(DropReason.Nothing), default));
    }

    /// <summary>Time passes; what falls due on the way is done when it is due.</summary>
    public List<TurnReply> Pass(TimeSpan span)
    {
        var end = Now + span;
        List<TurnReply> replies = [];
        while (Server.NextDeadline is { } due && due <= end)
        {
            if (due > Now) Now = due;
            replies.Add(Settle(Made(Server.OnDeadline(Now, _head), default)));
        }

        Now = end;
        return replies;
    }

    public List<TurnReply> Pass(int seconds) => Pass(TimeSpan.FromSeconds(seconds));

    TurnReply Made(Forward forward, ReadOnlySpan<byte> input)
    {
        var payload = input.Slice(forward.Payload.Offset, forward.Payload.Length);
        return new(forward, [.. _head.AsSpan(0, forward.Head), .. payload, .. new byte[forward.Padding]]);
    }

    TurnReply Settle(TurnReply reply)
    {
        List<TurnEffect> effects = [];
        while (Server.TryTake(out var effect)) effects.Add(effect);
        Effects.AddRange(effects);
        // A run that asks does nothing else, and replies nothing.
        if (effects.OfType<TurnEffect.Ask>().Any())
        {
            Assert.Single(effects);
            Assert.Equal(ForwardKind.Drop, reply.Forward.Kind);
        }

        foreach (var close in effects.OfType<TurnEffect.CloseRelay>())
            Assert.True(Opened.Remove(close.Relay), "closed, but not open");
        foreach (var close in effects.OfType<TurnEffect.ClosePeer>())
            Assert.True(Connected.Remove(close.Connection), "closed, but not open");
        foreach (var post in effects.OfType<TurnEffect.Post>()) Bring(post);
        if (reply.Forward.Kind == ForwardKind.ToWorker) return Carry(reply);
        if (effects is not [TurnEffect.Ask { Id: var id, Question: var question }]) return reply;
        var answer = question switch
        {
            TurnQuestion.OpenRelay open => Outside(open),
            TurnQuestion.YieldRelay yield => Others(yield),
            TurnQuestion.FindCredential find => Edges(find),
            TurnQuestion.ConnectPeer connect => Connect(connect),
            _ => throw new InvalidOperationException($"{question}"),
        };
        if (answer is TurnAnswer.RelayOpened { Relay: var relay } opened)
        {
            Assert.True(Opened.Add(relay), "opened twice");
            if (opened.Next is { } next) Assert.True(Opened.Add(next), "opened twice");
        }

        return answer is null ? reply : Answer(id, answer);
    }

    TurnAnswer? Connect(TurnQuestion.ConnectPeer question)
    {
        Assert.True(Connected.Add(question.Connection), "asked for twice");
        var answer = Peers(question);
        if (answer is TurnAnswer.PeerUnreachable) Connected.Remove(question.Connection);
        return answer;
    }
}
