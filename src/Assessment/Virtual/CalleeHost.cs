using Portunus.Bedrock;
using Portunus.Simulation;
using Portunus.Sip;
using Portunus.Wic;

namespace Portunus.Assessment.Virtual;

/// <summary>A client that stays registered and answers each call behind a relay of its own.</summary>
/// <param name="settings">Of its agent.</param>
/// <param name="own">What it relays with, where no edge gives it.</param>
/// <param name="steps">What its connection costs.</param>
/// <param name="heard">Is told of each packet, and of whom.</param>
/// <param name="host">Its address.</param>
/// <param name="random">Its chance.</param>
sealed class CalleeHost(
    UserAgentSettings settings, Func<Instant, TurnClientSettings?> own, MeasuredSteps steps, Action<Instant, SipUri> heard,
    TransportAddress host, SeededRandom random) : ClientHost(settings, host, usesWeb: false, random)
{
    CallNumber? _call;
    SipUri? _caller;
    TransportAddress _offer;
    TransportAddress _relayed;
    ushort _port;
    bool _hasAllocated;

    public bool IsRegistered => Agent.IsRegistered;

    public void Begin(Instant now)
    {
        Connect(steps, open => Agent.Register(open));
        Drain(now);
    }

    protected override void OnAgent(Instant now, UserAgentEffect effect)
    {
        // Of pull the TURN server has asked for the callee's credential before, as over sockets, where it has had a relay before.
        if (effect is UserAgentEffect.Provided && !_hasAllocated)
        {
            _hasAllocated = true;
            NewRelay(Given!).Client.Allocate(now);
        }

        if (effect is not UserAgentEffect.Called(var call, var invite)) return;
        if ((own(now) ?? Given) is not { } credential || !SdpAudio.TryRead(invite.Body.Span, out _offer))
        {
            Agent.HangUp(now, call);
            return;
        }

        // The call before is over, or came to nothing.
        if (_call is not null) Drop(_port);
        (_call, _caller) = (call, invite.From!.Uri);
        (_port, var relay) = NewRelay(credential);
        relay.Allocate(now);
    }

    protected override void OnRelay(Instant now, ushort port, TurnClient relay, TurnClientEffect effect)
    {
        if (port != _port) return;
        switch (effect)
        {
            case TurnClientEffect.Allocated(var relayed, _, _):
                _relayed = relayed;
                relay.Bind(now, _offer);
                break;
            case TurnClientEffect.Admitted:
                Agent.Accept(now, _call!.Value, SdpAudio.Write(_relayed, 1));
                break;
            case TurnClientEffect.Received:
                heard(now, _caller!);
                break;
            case TurnClientEffect.Failed when _call is { } call:
                Agent.HangUp(now, call);
                break;
        }
    }
}
