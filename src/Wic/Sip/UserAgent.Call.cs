using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Wic;

// Calls that this side makes, and the end of every call (RFC 3261 §9, §13.2, §15).
public sealed partial class UserAgent
{
    const string Sdp = "application/sdp";

    /// <summary>What this agent understands; 405 tells it to others.</summary>
    const string Allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE";

    readonly Dictionary<CallNumber, Call> _calls = [];
    ulong _lastCall;

    /// <summary>Calls that are not over.</summary>
    public int Calls => _calls.Count;

    /// <summary>Calls somebody; <see cref="UserAgentEffect.Answered"/> or <see cref="UserAgentEffect.Ended"/> follows.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="callee">A public identity.</param>
    /// <param name="offer">The SDP; not looked into.</param>
    public CallNumber Invite(Instant now, SipUri callee, ReadOnlyMemory<byte> offer)
    {
        var number = new CallNumber(++_lastCall);
        var request = NewRequest(SipMethod.Invite, callee);
        AddDialogHeaders(request);
        request.SetBody(Sdp, offer);
        AddToken(request);
        request.Insert(HeaderName.Via, NewVia());
        if (!_isFlowOpen || !_layer.TrySend(now, _flow, request, out var id))
        {
            _effects.Enqueue(new UserAgentEffect.Ended(number, 503));
            return number;
        }

        var call = new Call(number, id, request, request.From!.Tag!) { State = CallState.Calling };
        _calls.Add(number, call);
        _errands.Add(id, new Errand.Invitation(call));
        Settle(now);
        return number;
    }

    /// <summary>Ends a call in whatever state it is: CANCEL, a refusal, or BYE; nothing when it is over already.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="number">Which.</param>
    /// <param name="refusal">The answer to a call that still rings here; 603: the callee does not want to (§21.6.2).</param>
    public void HangUp(Instant now, CallNumber number, int refusal = 603)
    {
        if (!_calls.TryGetValue(number, out var call)) return;
        switch (call.State)
        {
            case CallState.Calling:
                call.HungUp = true;
                _layer.Cancel(now, call.Invite);
                break;
            case CallState.Called:
                Refuse(now, call, refusal);
                break;
            default:
                SayBye(now, call);
                Finish(call, 200);
                break;
        }

        Settle(now);
    }

    /// <summary>Sends a MESSAGE (RFC 3428); <see cref="UserAgentEffect.Delivered"/> says what became of it.</summary>
    public void Send(Instant now, SipUri to, string text)
    {
        var request = NewRequest(SipMethod.Message, to);
        request.SetBody("text/plain", System.Text.Encoding.UTF8.GetBytes(text));
        if (!TrySend(now, request, new Errand.Text(to))) _effects.Enqueue(new UserAgentEffect.Delivered(to, 503));
        Settle(now);
    }

    void OnInviteResponse(Instant now, Call call, int status, SipMessage? response)
    {
        switch (status)
        {
            case 180 when !call.HungUp:
                _effects.Enqueue(new UserAgentEffect.Ringing(call.Number));
                break;
            case >= 200 and < 300:
                OnAccepted(now, call, response!);
                break;
            case >= 300 when call.State == CallState.Calling:
                Finish(call, status);
                break;
        }
    }

    /// <summary>
    /// §13.2.2.4: every 2xx is acknowledged; another branch of a fork, or one that came too late, gets a BYE as well.
    /// </summary>
    void OnAccepted(Instant now, Call call, SipMessage answer)
    {
        if (call.State == CallState.Calling)
        {
            call.TakeAnswer(answer);
            Acknowledge(call);
            call.State = CallState.Established;
            if (!call.HungUp)
            {
                _effects.Enqueue(new UserAgentEffect.Answered(call.Number, answer.Body));
                return;
            }

            SayBye(now, call);
            Finish(call, 487);
        }
        else if (answer.To?.Tag == call.RemoteTag)
        {
            Acknowledge(call);
        }
        else
        {
            var other = new Call(call.Number, call.Invite, call.Request, call.LocalTag);
            other.TakeAnswer(answer);
            Acknowledge(other);
            SayBye(now, other);
        }
    }

    void Acknowledge(Call call)
    {
        var ack = InDialog(call, SipMethod.Ack, call.Request.CSeq!.Value.Number);
        ack.Insert(HeaderName.Via, NewVia());
        _layer.SendApart(_flow, ack);
    }

    void SayBye(Instant now, Call call) =>
        TrySend(now, InDialog(call, SipMethod.Bye, ++call.LocalSequence), new Errand.Farewell());

    /// <summary>§12.2.1.1; every route of this system is a loose one.</summary>
    static SipMessage InDialog(Call call, string method, uint sequence)
    {
        var request = SipMessage.Request(method, call.RemoteTarget!, call.Local!, call.Remote!, call.CallId, sequence);
        foreach (var route in call.Routes) request.Add(HeaderName.Route, route);
        return request;
    }

    void AddDialogHeaders(SipMessage message)
    {
        // RFC 5626 §4.3: "ob" asks that requests of this dialog come over this flow.
        message.Set(HeaderName.Contact, $"<{_contact.Uri.With("ob")}>");
        message.Set(HeaderName.Allow, Allowed);
    }

    void Finish(Call call, int status)
    {
        if (!_calls.Remove(call.Number)) return;
        _answers.Cancel(call.Number);
        _effects.Enqueue(new UserAgentEffect.Ended(call.Number, status));
    }
}
