using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Turn;

namespace Portunus.Tests.Simulation;

/// <summary>
/// A machine with one address and two workers behind it, as SO_REUSEPORT has them: chance says which worker a client's
/// five-tuple meets, and it meets the same one ever after. Relay sockets belong to the worker that asked for them.
/// </summary>
sealed class RelayHost : INode
{
    public const ushort Port = 3478;

    readonly TransportAddress _address;
    readonly SeededRandom _random;
    readonly Facts _facts;
    readonly TurnServer[] _workers;
    readonly Dictionary<TransportAddress, int> _steering = [];
    readonly Dictionary<ushort, RelayId> _sockets = [];
    readonly Deadlines<(int Worker, AskId Ask)> _answers = new();
    readonly Dictionary<(int Worker, AskId Ask), (TurnAnswer Answer, ushort Port)> _answering = [];
    readonly Queue<Parcel> _leaving = new();
    readonly byte[] _head = new byte[TurnServer.HeadSize];
    NonceKeys _keys;

    public RelayHost(
        TransportAddress address, TurnSettings settings, ICredentialVerifier verifier, SeededRandom random, Facts facts)
    {
        (_address, _random, _facts) = (address, random, facts);
        Ledger = new TurnLedger(settings);
        _keys = NonceKeys.Draw(random);
        _workers = [NewWorker(0), NewWorker(1)];

        TurnServer NewWorker(byte number) => new(new(number), settings, Ledger, verifier, _keys, random.Fork());
    }

    public TurnLedger Ledger { get; }

    public Plant Plant { get; init; }

    /// <summary>Ports with an open socket, and the relay it belongs to.</summary>
    public IReadOnlyDictionary<ushort, RelayId> Sockets => _sockets;

    /// <summary>Counts inputs: what the laws say of this host is to be looked at again.</summary>
    public int Version { get; private set; }

    /// <summary>Share of relay sockets that another program's socket is in the way of.</summary>
    public double Taken { get; set; }

    /// <summary>Share of relay sockets that cannot be opened at all.</summary>
    public double Refused { get; set; }

    /// <summary>Opening a relay takes from nothing up to this.</summary>
    public TimeSpan Slowness { get; set; }

    /// <summary>How often a client was told to take a new nonce.</summary>
    public long StaleNonces => _workers.Sum(w => w.Counters.Errors(438));

    public int OpenQuestions => _answering.Count;

    public Instant? NextDeadline
    {
        get
        {
            if (Plant == Plant.BusyLoop && _sockets.Count > 0) return Instant.FromUnixSeconds(0);
            var next = _answers.Next;
            if (Plant == Plant.PortLeak) return next;
            foreach (var worker in _workers)
                if (worker.NextDeadline is { } due && (next is null || due < next)) next = due;
            return next;
        }
    }

    /// <summary>Which worker a client's datagrams meet.</summary>
    public int WorkerOf(TransportAddress client) => _steering[client];

    /// <summary>A new nonce key; the one before stays good.</summary>
    public void RotateNonces(Instant now)
    {
        _keys = _keys.Rotate(_random);
        foreach (var worker in _workers) worker.OnOrder(now, new TurnOrder.UseNonceKeys(_keys));
    }

    public void OnMessage(Instant now, in Parcel parcel)
    {
        Version++;
        var bytes = parcel.Bytes.Span;
        if (parcel.To.Port == Port)
        {
            if (!_steering.TryGetValue(parcel.From, out var worker))
                _steering.Add(parcel.From, worker = _random.Next(_workers.Length));
            if (Plant == Plant.RandomSteering) worker = _random.Next(_workers.Length);
            // Of a Refresh the first two bytes are 0x0004.
            if (Plant == Plant.PortLeak && bytes is [0, 4, ..]) return;
            var path = new ClientPath(new(parcel.From, parcel.To, ClientTransport.Udp), worker);
            Run(now, worker, _workers[worker].OnClient(now, path, bytes, _head), bytes);
        }
        else if (_sockets.TryGetValue(parcel.To.Port, out var relay))
        {
            var payload = bytes.ToArray();
            if (Plant == Plant.Corruption && payload.Length > 0) payload[^1] ^= 1;
            var worker = relay.Worker.Value;
            Run(now, worker, _workers[worker].OnPeer(now, relay, parcel.From, payload, _head), payload);
        }
    }

    public void OnDeadline(Instant now)
    {
        Version++;
        while (_answers.TryPop(now, out var due))
        {
            _answering.Remove(due, out var found);
            if (found.Answer is TurnAnswer.RelayOpened opened) Open(found.Port, opened.Relay);
            Run(now, due.Worker, _workers[due.Worker].OnAnswer(now, due.Ask, found.Answer, _head), default);
        }

        for (var i = 0; i < _workers.Length && Plant != Plant.PortLeak; i++)
            while (_workers[i].NextDeadline <= now)
                Run(now, i, _workers[i].OnDeadline(now, _head), default, isTime: true);
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    void Open(ushort port, RelayId relay)
    {
        if (_sockets.TryAdd(port, relay)) return;
        _facts.Break(Laws.OneAllocationAPort, "relay host", $"port {port} is opened for {relay} and is {_sockets[port]}'s");
    }

    /// <summary>Sends what was returned, then performs what was queued.</summary>
    void Run(Instant now, int worker, Forward forward, ReadOnlySpan<byte> input, bool isTime = false)
    {
        Send(forward, input);
        List<TurnEffect> effects = [];
        while (_workers[worker].TryTake(out var effect)) effects.Add(effect);
        if (Plant == Plant.AskAndAct && effects.Exists(e => e is TurnEffect.Ask)) effects.Add(new TurnEffect.CloseRelay(default));
        // What is due is several runs at once: expiries act, and one of them may be followed by a question.
        if (!isTime && effects.Exists(e => e is TurnEffect.Ask) && (effects.Count > 1 || forward.Kind != ForwardKind.Drop))
            _facts.Break(Laws.AskOrAct, "relay host", $"{string.Join(", ", effects.Select(e => e.GetType().Name))}; {forward}");
        foreach (var effect in effects) Perform(now, worker, effect);
    }

    void Perform(Instant now, int worker, TurnEffect effect)
    {
        switch (effect)
        {
            case TurnEffect.Ask(var id, TurnQuestion.OpenRelay(var relay, var address), _):
                _facts.Questions++;
                var port = Plant == Plant.SharedPort && _sockets.Count > 0 ? _sockets.Keys.First() : address.Port;
                TurnAnswer answer = _random.Chance(Taken) ? new TurnAnswer.RelayTaken()
                    : _random.Chance(Refused) ? new TurnAnswer.RelayRefused()
                    : new TurnAnswer.RelayOpened(relay);
                _answering.Add((worker, id), (answer, port));
                _answers.Set((worker, id), now + TimeSpan.FromMicroseconds(20) + _random.Within(Slowness));
                break;
            case TurnEffect.CloseRelay(var relay) when Plant != Plant.SocketLeak:
                foreach (var (number, owner) in _sockets)
                    if (owner == relay) _sockets.Remove(number);
                break;
        }
    }

    void Send(in Forward forward, ReadOnlySpan<byte> input)
    {
        if (forward.Kind == ForwardKind.Drop) return;
        var bytes = new byte[forward.Length];
        _head.AsSpan(0, forward.Head).CopyTo(bytes);
        input.Slice(forward.Payload.Offset, forward.Payload.Length).CopyTo(bytes.AsSpan(forward.Head));
        if (forward.Kind == ForwardKind.ToClient)
        {
            var client = forward.Path.FiveTuple.Client;
            if (Plant == Plant.WrongClient && bytes[0] >= 0x40) client = _steering.Keys.First(c => c != client);
            _leaving.Enqueue(Parcel.Datagram(_address.WithPort(Port), client, bytes));
            return;
        }

        foreach (var (port, owner) in _sockets)
            if (owner == forward.Relay) _leaving.Enqueue(Parcel.Datagram(_address.WithPort(port), forward.Peer, bytes));
    }
}
