using Portunus.Assessment.Study;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Wic;
using Portunus.Simulation;
using Portunus.Sip;
using Portunus.Wic;

namespace Portunus.Assessment.Virtual;

/// <summary>
/// A native client: its user agent and its TURN clients as they are, its connections as flights. What it does next it is told by
/// continuations, as the node that it stands for awaits.
/// </summary>
abstract class ClientHost : INode
{
    readonly TransportAddress _host;
    readonly SeededRandom _random;
    readonly Dictionary<ushort, TurnClient> _relays = [];
    readonly Queue<Parcel> _leaving = new();
    readonly Queue<(string Link, Exchange Exchange)> _asking = new();
    Action<Instant>? _asked;
    Action<Instant>? _connected;
    Instant? _wakeAt;
    Action<Instant>? _wake;
    ushort _lastPort = Address.FirstRelayPort;

    protected ClientHost(UserAgentSettings settings, TransportAddress host, bool usesWeb, SeededRandom random)
    {
        (_host, _random, Agent) = (host, random, new(settings, random.Fork()));
        if (!usesWeb) return;
        // Connections that are made later are exchanges on these.
        _leaving.Enqueue(Parcel.Open(host.WithPort(Address.WafPort), Address.Waf));
        _leaving.Enqueue(Parcel.Open(host.WithPort(Address.W1Port), Address.Wwsf));
    }

    /// <summary>It does nothing any more, whatever comes.</summary>
    public bool IsOver { get; protected set; }

    public Instant? NextDeadline
    {
        get
        {
            if (IsOver) return null;
            var next = Instant.Earliest(Agent.NextDeadline, _wakeAt, NextPacketAt);
            foreach (var relay in _relays.Values) next = Instant.Earliest(next, relay.NextDeadline);
            return next;
        }
    }

    protected UserAgent Agent { get; }

    /// <summary>What the edge gave last, as a TURN client takes it.</summary>
    protected TurnClientSettings? Given { get; private set; }

    protected virtual Instant? NextPacketAt => null;

    public void OnMessage(Instant now, in Parcel parcel)
    {
        if (IsOver) return;
        if (parcel.From == Address.Turn)
        {
            if (_relays.TryGetValue(parcel.To.Port, out var relay)) relay.OnServer(now, parcel.Bytes.Span);
        }
        else if (parcel.Kind == ParcelKind.Segment)
        {
            OnSegment(now, parcel);
        }

        Drain(now);
    }

    public void OnDeadline(Instant now)
    {
        if (_wakeAt <= now) Wake(now);
        if (Agent.NextDeadline <= now) Agent.OnDeadline(now);
        foreach (var relay in _relays.Values.ToArray())
            if (relay.NextDeadline <= now) relay.OnDeadline(now);
        if (NextPacketAt <= now) SendPacket(now);
        Drain(now);
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    /// <summary>A new client with a five-tuple of its own.</summary>
    protected (ushort Port, TurnClient Client) NewRelay(TurnClientSettings settings)
    {
        var port = ++_lastPort;
        var client = new TurnClient(settings, _random.Fork());
        _relays.Add(port, client);
        return (port, client);
    }

    /// <summary>Forgets a relay, which ends by its time.</summary>
    protected void Drop(ushort port) => _relays.Remove(port);

    /// <summary>One exchange after the other, then on.</summary>
    protected void Ask(Instant now, IEnumerable<(string Link, Exchange Exchange)> exchanges, Action<Instant> then)
    {
        foreach (var exchange in exchanges) _asking.Enqueue(exchange);
        _asked = then;
        AskNext(now);
    }

    /// <summary>A WebSocket to the edge: TCP, then what was counted over sockets; then the user agent has it.</summary>
    protected void Connect(MeasuredSteps steps, Action<Instant> then)
    {
        _connected = at => Ask(at, steps.Connect, open =>
        {
            Agent.OnFlowOpened(open);
            then(open);
        });
        _leaving.Enqueue(Parcel.Open(_host.WithPort(Address.W2Port), Address.EdgeW2));
    }

    protected void Wait(Instant now, TimeSpan span, Action<Instant> then)
    {
        if (span <= TimeSpan.Zero) then(now);
        else (_wakeAt, _wake) = (now + span, then);
    }

    protected void Drain(Instant now)
    {
        bool more;
        do
        {
            more = false;
            while (!IsOver && Agent.TryTake(out var effect))
            {
                more = true;
                if (effect is UserAgentEffect.ToFlow(var message)) Send(Address.W2Port, Address.EdgeW2, message.ToBytes());
                else if (effect is UserAgentEffect.Provided(var credential)) Given = TurnAccess.Of(credential).Credential;
                if (effect is not UserAgentEffect.ToFlow) OnAgent(now, effect);
            }

            foreach (var (port, relay) in _relays.ToArray())
                while (!IsOver && relay.TryTake(out var effect))
                {
                    more = true;
                    if (effect is TurnClientEffect.ToServer(var datagram))
                        _leaving.Enqueue(Parcel.Datagram(_host.WithPort(port), Address.Turn, datagram));
                    else OnRelay(now, port, relay, effect);
                }
        }
        while (more);
    }

    protected abstract void OnAgent(Instant now, UserAgentEffect effect);

    protected abstract void OnRelay(Instant now, ushort port, TurnClient relay, TurnClientEffect effect);

    protected virtual void SendPacket(Instant now)
    {
    }

    void OnSegment(Instant now, in Parcel parcel)
    {
        if (_connected is { } connected && parcel.From == Address.EdgeW2)
        {
            _connected = null;
            connected(now);
        }
        else if (Exchange.Is(parcel.Bytes.Span))
        {
            AskNext(now);
        }
        else if (SipMessage.TryParse(parcel.Bytes.Span, out var message, out _))
        {
            Agent.OnMessage(now, message);
        }
    }

    void AskNext(Instant now)
    {
        if (_asking.TryDequeue(out var next))
        {
            var (port, to) = next.Link switch
            {
                LinkName.W2 => (Address.W2Port, Address.EdgeW2),
                LinkName.W1 => (Address.W1Port, Address.Wwsf),
                _ => (Address.WafPort, Address.Waf),
            };
            Send(port, to, next.Exchange.ToQuestion());
            return;
        }

        var then = _asked;
        _asked = null;
        then?.Invoke(now);
    }

    void Send(ushort port, TransportAddress to, byte[] bytes) => _leaving.Enqueue(Parcel.Segment(_host.WithPort(port), to, bytes));

    void Wake(Instant now)
    {
        var then = _wake!;
        (_wakeAt, _wake) = (null, null);
        then(now);
    }
}
