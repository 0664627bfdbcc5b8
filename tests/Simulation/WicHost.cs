using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Sip;
using Portunus.Wic;

namespace Portunus.Tests.Simulation;

/// <summary>A WIC with the person before it: registers, calls, answers, talks through relays, hangs up, leaves.</summary>
sealed partial class WicHost(
    WicPlan plan, TransportAddress host, TransportAddress edge, TransportAddress turn, SeededRandom random, Facts facts) : INode
{
    readonly UserAgent _agent = new(plan.Settings, random.Fork());
    readonly Dictionary<ushort, TurnClient> _relays = [];
    readonly Queue<Parcel> _leaving = new();
    TransportAddress? _flow;
    PasswordCredential? _credential;
    Talk? _talk;
    ushort _lastPort = 40_000;
    Instant? _reconnectAt;
    bool _deregistered;

    public string Name => plan.Name;

    public SipUri Identity => plan.Settings.Identity;

    public PasswordCredential? Credential => _credential;

    public bool IsIdle => _talk is null && _relays.Count == 0 && _agent.Calls == 0;

    public Instant? NextDeadline
    {
        get
        {
            var next = Instant.Earliest(_agent.NextDeadline, _talk?.NextAt, _reconnectAt);
            foreach (var relay in _relays.Values) next = Instant.Earliest(next, relay.NextDeadline);
            return next;
        }
    }

    void Connect(Instant now)
    {
        _reconnectAt = null;
        if (_flow is not null) return;
        _flow = host.WithPort(++_lastPort);
        _leaving.Enqueue(Parcel.Open(_flow.Value, edge));
        _agent.OnFlowOpened(now);
        Drain(now);
    }

    public void Register(Instant now)
    {
        Connect(now);
        _agent.Register(now);
        Drain(now);
    }

    public void Leave(Instant now)
    {
        if (_deregistered) return;
        _agent.Deregister(now);
        Drain(now);
    }

    /// <summary>Begins with a relay, as an ICE agent does; the INVITE follows when it is there.</summary>
    public void Call(Instant now, WicHost callee, int datagrams, TimeSpan interval)
    {
        if (_talk is not null || _credential is null) return;
        facts.CallsTried++;
        facts.Calls.Add((this, callee));
        _talk = new Talk(facts.Calls.Count - 1, callee, datagrams, interval, plan.Channels);
        _talk.Port = Allocate(now);
        Drain(now);
    }

    public void HangUp(Instant now)
    {
        if (_talk is { } talk) Finish(now, talk);
        Drain(now);
    }

    /// <summary>An INVITE without a relay: to see whether the callee is reached.</summary>
    public void Knock(Instant now, WicHost callee)
    {
        _agent.Invite(now, callee.Identity, Sdp(int.MaxValue, default));
        Drain(now);
    }

    public void Write(Instant now, WicHost to)
    {
        _agent.Send(now, to.Identity, $"hello from {Name}");
        Drain(now);
    }

    /// <summary>Opens more relays than one user may have.</summary>
    public void Hoard(Instant now, int relays)
    {
        if (_credential is null) return;
        for (var i = 0; i < relays; i++) Allocate(now);
        Drain(now);
    }

    public void ReleaseAll(Instant now)
    {
        foreach (var relay in _relays.Values) relay.Release(now);
        Drain(now);
    }

    public void OnMessage(Instant now, in Parcel parcel)
    {
        if (parcel.From == edge) OnEdge(now, parcel);
        else if (parcel.From == turn && _relays.TryGetValue(parcel.To.Port, out var relay))
            relay.OnServer(now, parcel.Bytes.Span);
        Drain(now);
    }

    public void OnDeadline(Instant now)
    {
        if (_reconnectAt <= now) Connect(now);
        if (_agent.NextDeadline <= now) _agent.OnDeadline(now);
        foreach (var relay in _relays.Values)
            if (relay.NextDeadline <= now) relay.OnDeadline(now);
        if (_talk is { } talk && talk.NextAt <= now) Speak(now, talk);
        Drain(now);
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    void OnEdge(Instant now, in Parcel parcel)
    {
        if (parcel.To != _flow) return;
        if (parcel.Kind == ParcelKind.Closed)
        {
            _flow = null;
            _reconnectAt = now + TimeSpan.FromSeconds(1) + random.Within(TimeSpan.FromSeconds(4));
            _agent.OnFlowClosed(now);
        }
        else if (SipMessage.TryParse(parcel.Bytes.Span, out var message, out _))
        {
            _agent.OnMessage(now, message);
        }
    }

    ushort Allocate(Instant now)
    {
        var port = ++_lastPort;
        var client = new TurnClient(new TurnClientSettings
        {
            Username = _credential!.Username,
            Password = _credential.Credential,
            Rfc5389Only = plan.Rfc5389Only,
        }, random.Fork());
        _relays.Add(port, client);
        client.Allocate(now);
        return port;
    }

    void Drain(Instant now)
    {
        bool more;
        do
        {
            more = false;
            while (_agent.TryTake(out var effect))
            {
                more = true;
                OnAgent(now, effect);
            }

            foreach (var (port, relay) in _relays.ToArray())
                while (relay.TryTake(out var effect))
                {
                    more = true;
                    OnRelay(now, port, effect);
                }
        }
        while (more);
    }

    void OnAgent(Instant now, UserAgentEffect effect)
    {
        switch (effect)
        {
            case UserAgentEffect.ToFlow(var message) when _flow is { } flow:
                ShowToken(now, message);
                _leaving.Enqueue(Parcel.Segment(flow, edge, message.ToBytes()));
                break;
            case UserAgentEffect.Registered:
                facts.Registrations++;
                _deregistered = false;
                break;
            case UserAgentEffect.Unregistered(200):
                facts.Deregistrations++;
                _deregistered = true;
                break;
            case UserAgentEffect.Provided(PasswordCredential credential):
                _credential = credential;
                break;
            case UserAgentEffect.Called(var call, var invite):
                OnCalled(now, call, invite);
                break;
            case UserAgentEffect.Answered(var call, var answer) when _talk?.Call == call:
                TryReadSdp(answer.Span, out _, out var callee);
                Admit(now, _talk, callee);
                break;
            case UserAgentEffect.Established(var call) when _talk?.Call == call:
                _talk.IsEstablished = true;
                Begin(now, _talk);
                break;
            case UserAgentEffect.Ended(var call, var status):
                if (_talk is { } talk && talk.Call == call) OnEnded(now, talk, status);
                else if (status >= 300) facts.KnocksRefused++;
                break;
            case UserAgentEffect.Received:
                facts.MessagesDelivered++;
                break;
        }
    }

    /// <summary>In place of a digest: the page's token, in each request but ACK and CANCEL.</summary>
    void ShowToken(Instant now, SipMessage message)
    {
        if (!plan.ShowsTokens || !message.IsRequest || message.Method is SipMethod.Ack or SipMethod.Cancel) return;
        message.Set(HeaderName.Authorization, new BearerCredentials(Outside.TokenOf(Name, now)));
    }

    void OnCalled(Instant now, CallNumber call, SipMessage invite)
    {
        if (_deregistered) facts.Break(Laws.NoInviteAfterwards, Name, invite.ToString());
        if (invite.Has(HeaderName.Authorization))
            facts.Break(Laws.NoAuthorization, Name, invite.ToString());
        if (!TryReadSdp(invite.Body.Span, out var number, out var peer) || number >= facts.Calls.Count
            || _talk is not null || _credential is null)
        {
            _agent.HangUp(now, call);
            return;
        }

        var caller = facts.Calls[number].Caller;
        var asserted = invite.Addresses(HeaderName.PAssertedIdentity);
        if (asserted is not [{ Uri: var who }] || !who.IsEquivalentTo(caller.Identity))
            facts.Break(Laws.AssertedIdentity, Name, $"{string.Join(", ", asserted)} for {caller.Name}");
        _talk = new Talk(number, caller, caller._talk?.ToSend ?? 0, caller._talk?.Interval ?? default, plan.Channels)
        {
            Call = call,
            Peer = peer,
            Port = Allocate(now),
        };
    }

    void OnRelay(Instant now, ushort port, TurnClientEffect effect)
    {
        var talk = _talk?.Port == port ? _talk : null;
        switch (effect)
        {
            case TurnClientEffect.ToServer(var datagram):
                _leaving.Enqueue(Parcel.Datagram(host.WithPort(port), turn, datagram));
                break;
            case TurnClientEffect.Allocated(var relayed, _, _):
                facts.Allocations++;
                if (talk is null) break;
                if (talk.Call is { } ringing)
                {
                    _agent.Accept(now, ringing, Sdp(talk.Number, relayed));
                    Admit(now, talk, talk.Peer!.Value);
                }
                else
                {
                    talk.IsCaller = true;
                    talk.Call = _agent.Invite(now, talk.Partner.Identity, Sdp(talk.Number, relayed));
                }

                break;
            case TurnClientEffect.Admitted when talk is not null:
                talk.IsAdmitted = true;
                Begin(now, talk);
                break;
            case TurnClientEffect.Received(_, var payload):
                OnData(talk, payload.Span);
                break;
            case TurnClientEffect.Failed failed:
                facts.RelaysRefused++;
                if (talk is not null) Finish(now, talk);
                break;
            case TurnClientEffect.Ended:
                _relays.Remove(port);
                break;
        }
    }
}

/// <summary>What kind of WIC it is.</summary>
/// <param name="Name">Of the subscriber, too.</param>
/// <param name="Settings">With the identity.</param>
/// <param name="Rfc5389Only">Whether its TURN client is as a browser's.</param>
/// <param name="Channels">Whether it binds channels, or sends by indications.</param>
/// <param name="ShowsTokens">Whether it is authenticated by the web: scenario 2 or 3.</param>
sealed record WicPlan(string Name, UserAgentSettings Settings, bool Rfc5389Only, bool Channels, bool ShowsTokens);
