using Portunus.Assessment.Cells;
using Portunus.Assessment.Study;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Sip;
using Portunus.Wic;

namespace Portunus.Assessment.Virtual;

/// <summary>One client's life until the callee has heard it: as <see cref="ClientRun"/> does it over sockets.</summary>
sealed class CallerHost(
    CallerPlan plan, VirtualKeys keys, UserAgentSettings settings, TransportAddress host, SeededRandom random)
    : ClientHost(settings, host, usesWeb: true, random)
{
    // As over sockets.

    const int PacketBytes = 160;

    static readonly TimeSpan PacketPause = TimeSpan.FromMilliseconds(20);

    readonly byte[] _packet = new byte[PacketBytes];
    Action<Instant>? _credentialed;
    IssuedToken? _token;
    TurnClient? _relay;
    ushort _port;
    CallNumber? _call;
    TransportAddress _peer;
    Instant? _packetAt;
    Instant _began, _registered, _clicked, _candidate, _invited;
    int _renewals;

    /// <summary>What it measured; null when it came to nothing, or has not ended.</summary>
    public Sample? Sample { get; private set; }

    /// <summary>Why it came to nothing.</summary>
    public string? Failure { get; private set; }

    protected override Instant? NextPacketAt => _packetAt;

    public void Begin(Instant now)
    {
        _began = now;
        Wait(now, plan.Service.Registered, at => Ask(at, plan.Steps.SignIn, _ => Connect(plan.Steps, open => Agent.Register(open))));
        Drain(now);
    }

    /// <summary>The callee's client has its first packet.</summary>
    public void OnHeard(Instant now)
    {
        if (IsOver) return;
        Sample = new()
        {
            Began = _began, Registered = _registered, Clicked = _clicked, Candidate = _candidate, Invited = _invited, Heard = now,
            Withheld = _renewals,
        };
        IsOver = true;
    }

    public void Fail(string why)
    {
        if (IsOver) return;
        (Failure, IsOver) = (why, true);
    }

    protected override void OnAgent(Instant now, UserAgentEffect effect)
    {
        switch (effect)
        {
            case UserAgentEffect.Registered when _registered == default:
                if (plan.Way.Solution == "OAuth") OnRegistered(now);
                else _credentialed = OnRegistered;
                break;
            case UserAgentEffect.Provided or UserAgentEffect.Withheld when _credentialed is { } then:
                _credentialed = null;
                then(now);
                break;
            case UserAgentEffect.Unregistered(var status):
                Fail($"The registration was refused or lost ({status}).");
                break;
            case UserAgentEffect.Answered(var call, var answer) when call == _call:
                if (SdpAudio.TryRead(answer.Span, out _peer)) Wait(now, plan.Service.Media, Bind);
                else Fail("The callee answers with no audio.");
                break;
            case UserAgentEffect.Ended(var call, var status) when call == _call:
                Fail($"The callee did not take the call ({status}).");
                break;
        }
    }

    protected override void OnRelay(Instant now, ushort port, TurnClient relay, TurnClientEffect effect)
    {
        switch (effect)
        {
            case TurnClientEffect.TokenWanted:
                Ask(now, plan.Steps.TurnToken, at => relay.Renew(at, keys.Issue(at)));
                break;
            case TurnClientEffect.Allocated(var relayed, _, _):
                _candidate = now;
                Wait(now, plan.Service.Invite, at => Invite(at, relayed));
                break;
            case TurnClientEffect.Admitted:
                SendPacket(now);
                break;
            case TurnClientEffect.Failed failed:
                Fail($"{failed.Method} came to nothing: {failed.Cause}.");
                break;
        }
    }

    protected override void SendPacket(Instant now)
    {
        _packetAt = now + PacketPause;
        _relay!.TrySend(_peer, _packet);
    }

    void OnRegistered(Instant now)
    {
        _registered = now;
        if (plan.Way == Way.OAuthPrefetched)
            Ask(now, plan.Steps.TurnToken, at =>
            {
                _token = keys.Issue(at);
                Click(at);
            });
        else Click(now);
    }

    void Click(Instant now)
    {
        _clicked = now;
        Wait(now, plan.Service.Candidate, Allocate);
    }

    /// <summary>With a credential; an edge that had no answer of its TURN servers gives none, and is asked again.</summary>
    void Allocate(Instant now)
    {
        var settingsOfRelay = plan.Way.Solution == "OAuth" ? new() { Token = _token, AwaitsToken = _token is null } : plan.Own ?? Given;
        if (settingsOfRelay is null)
        {
            if (_renewals++ == ClientRun.MostAsked)
            {
                Fail("The edge gave no TURN credential.");
                return;
            }

            _credentialed = Allocate;
            Wait(now, _renewals == 1 ? TimeSpan.Zero : ClientRun.AskPause, Agent.Renew);
            return;
        }

        (_port, _relay) = NewRelay(settingsOfRelay);
        _relay.Allocate(now);
    }

    void Invite(Instant now, TransportAddress relayed)
    {
        _invited = now;
        _call = Agent.Invite(now, plan.Callee, SdpAudio.Write(relayed, 1));
    }

    void Bind(Instant now) => _relay!.Bind(now, _peer);
}

/// <summary>What a caller is to do.</summary>
/// <param name="Way">How it gets its TURN credential.</param>
/// <param name="Own">What it relays with where no edge and no WAF gives it.</param>
/// <param name="Callee">Whom it calls.</param>
/// <param name="Steps">What its HTTPS costs.</param>
/// <param name="Service">What programs take.</param>
sealed record CallerPlan(Way Way, TurnClientSettings? Own, SipUri Callee, MeasuredSteps Steps, ServiceTimes Service);
