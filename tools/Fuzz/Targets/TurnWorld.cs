using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Fuzz.Engine;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Tests.Conformance.Wire;
using Portunus.Turn;

namespace Portunus.Fuzz.Targets;

/// <summary>A TURN server, a clock set by hand and an outside that answers at once; it checks what holds for any input.</summary>
sealed class TurnWorld
{
    public const string Realm = "ims.example.net";

    // The server sends no more to a stranger whatever he says: the longest is a 401 with its lists, or a 420.
    const int MostToStrangers = 250;

    public static readonly SharedSecret Secret =
        SharedSecret.TryParse("north", out var secret) ? secret : throw new InvalidOperationException("The secret is none.");

    public static readonly TurnSettings Settings = new()
    {
        Realm = Realm,
        Relays = [new(Address("198.41.0.4:0")), new(Address("[2620:fe::9]:0"))],
        RelayPorts = new(50000, 50015), StaticUserQuota = 6, UserQuota = 4, MaxPermissions = 5, MaxChannels = 4,
        CanForbidFragments = true, Mobility = true, MaxLifetime = TimeSpan.FromSeconds(700), NonceLifetime = TimeSpan.FromSeconds(900),
        Unauthenticated = new()
        {
            AnswersPerSecond = 1_000_000, Burst = 1_000_000, BytesPerSecond = 1_000_000_000, BytesAtOnce = 1_000_000_000, Sources = 16,
        },
    };

    static readonly NonceKeys Keys = NonceKeys.Draw(new SeededRandom(99));

    readonly byte[] _head = new byte[TurnServer.HeadSize];
    readonly Coverage _coverage;

    public TurnWorld(Coverage coverage, ICredentialVerifier verifier)
    {
        _coverage = coverage;
        Ledger = new(Settings);
        Server = new(new(0), Settings, Ledger, verifier, Keys, new SeededRandom(1));
    }

    public TurnServer Server { get; }

    public TurnLedger Ledger { get; }

    public Instant Now { get; private set; } = Instant.FromUnixSeconds(1_800_000_000);

    public HashSet<RelayId> Opened { get; } = [];

    /// <summary>What becomes of a relay that is asked for: 0 opens, 1 is taken, 2 is refused, 3 is silence.</summary>
    public int Outside { get; set; }

    /// <summary>Of the last call: what left, with head, payload and padding.</summary>
    public byte[] Left { get; private set; } = [];

    /// <summary>How many effects there were.</summary>
    public int Effects { get; private set; }

    public static TransportAddress Address(string text) =>
        TransportAddress.TryParse(text, out var address) ? address : throw new FormatException(text);

    public static ClientPath Path(string client, ClientTransport transport = ClientTransport.Udp) =>
        new(new(Address(client), Address("198.41.0.4:3478"), transport), 0);

    public Forward FromClient(in ClientPath path, byte[] message)
    {
        var forward = Made(Server.OnClient(Now, path, message, _head), message);
        if (forward.Kind == ForwardKind.ToClient) CheckAnswer(Left, message, path, forward);
        return Settled(forward, message);
    }

    /// <summary>One of whom the server knows nothing: it answers shortly and keeps nothing.</summary>
    public Forward FromStranger(in ClientPath path, byte[] message)
    {
        var (kept, effects, sessions) = (Server.Kept, Effects, Ledger.Sessions().Length);
        var forward = FromClient(path, message);
        Finding.Unless(Left.Length <= MostToStrangers, $"a stranger is told {Left.Length} bytes");
        Finding.Unless((kept, effects, sessions) == (Server.Kept, Effects, Ledger.Sessions().Length), "a stranger changes nothing");
        return forward;
    }

    public Forward FromPeer(RelayId relay, in TransportAddress peer, byte[] payload) =>
        Settled(Made(Server.OnPeer(Now, relay, peer, payload, _head), payload), payload);

    public Forward FromIcmp(RelayId relay, in TransportAddress peer, IcmpError error) =>
        Settled(Made(Server.OnIcmp(Now, relay, peer, error, _head), []), []);

    public void Pass(TimeSpan span)
    {
        var end = Now + span;
        for (var turns = 0; Server.NextDeadline is { } due && due <= end; turns++)
        {
            Finding.Unless(turns < 1000, "what is due gets done");
            if (due > Now) Now = due;
            Settled(Made(Server.OnDeadline(Now, _head), []), []);
        }

        Now = end;
    }

    /// <summary>Relays open = addresses of sessions; sessions = those counted.</summary>
    public void CheckBooks()
    {
        var sessions = Ledger.Sessions();
        var addresses = sessions.Sum(session => session.Second is null ? 1 : 2);
        Finding.Unless(Opened.Count >= addresses && Opened.Count <= Ledger.PortsHeld, $"{Opened.Count} relays for {addresses} addresses");
        var counters = Server.Counters;
        Finding.Unless(counters.AllocationsBegan - counters.AllocationsEnded == sessions.Length, "sessions are counted");
        Finding.Unless(sessions.Length <= Ledger.PortsHeld && Ledger.PortsHeld <= 32, "ports are held by sessions");
    }

    /// <summary>When everybody has gone, nothing is left.</summary>
    public void CheckEnd()
    {
        Pass(TimeSpan.FromHours(2));
        Finding.Unless(Ledger.Sessions().Length == 0 && Opened.Count == 0, "all sessions end");
        Finding.Unless(Server.Kept == 0, $"{Server.Kept} things are kept for nobody");
        Finding.Unless(Ledger.Kept(Now) == 0, $"{Ledger.Kept(Now)} things are kept in the ledger for nobody");
        Finding.Unless(Server.NextDeadline is null, "nothing is due for nobody");
    }

    Forward Made(Forward forward, byte[] input)
    {
        _coverage.Note(10, (int)forward.Kind * 64 + (int)forward.Reason);
        var (offset, length) = (forward.Payload.Offset, forward.Payload.Length);
        Finding.Unless(offset >= 0 && length >= 0 && offset + length <= input.Length, "the payload is a slice of the input");
        Finding.Unless(forward.Head >= 0 && forward.Head <= _head.Length && forward.Padding <= 3, "the head fits");
        Finding.Unless(forward.Kind == ForwardKind.Drop == (forward.Reason != DropReason.None),
            "a drop has a reason, and nothing else has");
        Left = [.. _head.AsSpan(0, forward.Head), .. input.AsSpan(offset, length), .. new byte[forward.Padding]];
        Finding.Unless(forward.Kind != ForwardKind.Drop || Left.Length == 0, "what is dropped has no bytes");
        return forward;
    }

    void CheckAnswer(byte[] answer, byte[] request, in ClientPath path, in Forward forward)
    {
        var read = Incoming.Read(answer);
        Finding.Unless(read is not null && answer.Length <= TurnServer.HeadSize, "an answer is a message that fits");
        Finding.Unless(forward.Path == path, "an answer goes back where the request came from");
        Finding.Unless(read!.ClassBits is Class.Success or Class.Error, "an answer is a response");
        Finding.Unless(answer.AsSpan(4, 16).SequenceEqual(request.AsSpan(4, 16)), "an answer has the request's transaction");
        Finding.Unless(read.ClassBits == Class.Success || read.Error is >= 300 and < 700, "an error has a code");
        Finding.Unless(!read.Has(Attr.Fingerprint) || read.FingerprintHolds(), "a fingerprint holds");
        _coverage.Note(11, read.MethodNumber * 1000 + read.Error);
    }

    Forward Settled(Forward forward, byte[] input)
    {
        for (var turns = 0; ; turns++)
        {
            Finding.Unless(turns < 100, "questions come to an end");
            TurnEffect.Ask? asked = null;
            while (Server.TryTake(out var effect))
            {
                Effects++;
                if (effect is TurnEffect.CloseRelay close) Finding.Unless(Opened.Remove(close.Relay), "what is closed was open");
                if (effect is not TurnEffect.Ask ask) continue;
                Finding.Unless(asked is null, "a run asks once");
                asked = ask;
            }

            if (asked?.Question is not TurnQuestion.OpenRelay question) return forward;
            Finding.Unless(forward.Kind == ForwardKind.Drop, "a run that asks answers nothing");
            TurnAnswer? answer = Outside switch
            {
                0 => new TurnAnswer.RelayOpened(question.Relay) { Next = question.Next },
                1 => new TurnAnswer.RelayTaken(),
                2 => new TurnAnswer.RelayRefused(),
                _ => null,
            };
            if (answer is null) return forward;
            if (answer is TurnAnswer.RelayOpened)
            {
                Finding.Unless(Opened.Add(question.Relay), "a relay is opened once");
                if (question.Next is { } next) Finding.Unless(Opened.Add(next), "a relay is opened once");
            }

            forward = Made(Server.OnAnswer(Now, asked.Id, answer, _head), []);
            if (forward.Kind == ForwardKind.ToClient) CheckAnswer(Left, input.Length >= 20 ? input : Left, forward.Path, forward);
        }
    }
}
