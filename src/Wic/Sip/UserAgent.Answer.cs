using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Wic;

// What others ask of this side (RFC 3261 §8.2, §9.2, §13.3, §15.1.2).
public sealed partial class UserAgent
{
    /// <summary>Calls at a time before the next is answered 486: nobody rings on more lines than this.</summary>
    const int MostCalls = 16;

    static readonly TimeSpan T1 = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan T2 = TimeSpan.FromSeconds(4);

    readonly Deadlines<CallNumber> _answers = new();

    /// <summary>
    /// Answers a call that rings here; <see cref="UserAgentEffect.Established"/> follows with the caller's ACK.
    /// </summary>
    /// <param name="now">The moment.</param>
    /// <param name="number">Of <see cref="UserAgentEffect.Called"/>; one that is over is no fault.</param>
    /// <param name="answer">The SDP; not looked into.</param>
    public void Accept(Instant now, CallNumber number, ReadOnlyMemory<byte> answer)
    {
        if (!_calls.TryGetValue(number, out var call) || call.State != CallState.Called) return;
        var response = Respond(call, 200);
        response.SetBody(Sdp, answer);
        _layer.Respond(now, call.Invite, response);
        call.State = CallState.Accepted;
        (call.Answer, call.AnswerInterval, call.AnswerEnds) = (response, T1, now + (64 * T1));
        _answers.Set(number, now + T1);
        Settle(now);
    }

    void OnRequest(Instant now, TransactionId id, SipMessage request, TransactionId? cancels)
    {
        var isInDialog = request.To!.Tag is not null;
        var call = isInDialog ? _calls.Values.FirstOrDefault(c => c.Owns(request)) : null;
        switch (request.Method)
        {
            case SipMethod.Cancel:
                OnCancel(now, id, request, cancels);
                break;
            case var _ when isInDialog && call is null:
                Respond(now, id, request, 481);
                break;
            case var _ when call is not null && request.CSeq!.Value.Number < call.RemoteSequence:
                // §12.2.2: out of order.
                Respond(now, id, request, 500);
                break;
            case SipMethod.Bye when call is not null:
                Respond(now, id, request, 200);
                Finish(call, 200);
                break;
            case SipMethod.Invite when call is not null:
                // The media of a call stay what they are.
                call.RemoteSequence = request.CSeq!.Value.Number;
                Respond(now, id, request, 488);
                break;
            case SipMethod.Invite:
                OnInvite(now, id, request);
                break;
            case SipMethod.Message:
                Respond(now, id, request, 200);
                _effects.Enqueue(new UserAgentEffect.Received(request));
                break;
            case SipMethod.Options:
                Respond(now, id, request, 200);
                break;
            default:
                Respond(now, id, request, 405);
                break;
        }
    }

    void OnInvite(Instant now, TransactionId id, SipMessage invite)
    {
        // §8.2.2.3: no extension is understood that a request could require.
        if (invite.GetAll(HeaderName.Require) is { Count: > 0 } required)
        {
            var refusal = SipMessage.Response(invite, 420, toTag: _random.NextToken(10));
            refusal.Add("Unsupported", string.Join(", ", required));
            _layer.Respond(now, id, refusal);
            return;
        }

        if (_calls.Count >= MostCalls)
        {
            Respond(now, id, invite, 486);
            return;
        }

        var call = new Call(new CallNumber(++_lastCall), id, invite, _random.NextToken(10)) { State = CallState.Called };
        call.TakeRequest();
        _calls.Add(call.Number, call);
        _layer.Respond(now, id, Respond(call, 180));
        TakeCredential(now, invite);
        _effects.Enqueue(new UserAgentEffect.Called(call.Number, invite));
    }

    void OnCancel(Instant now, TransactionId id, SipMessage cancel, TransactionId? invite)
    {
        var call = _calls.Values.FirstOrDefault(c => c.Invite == invite && c.State == CallState.Called);
        Respond(now, id, cancel, invite is null ? 481 : 200);
        if (call is not null) Refuse(now, call, 487);
    }

    void OnAck(SipMessage ack)
    {
        if (_calls.Values.FirstOrDefault(c => c.State == CallState.Accepted && c.Owns(ack)) is not { } call) return;
        _answers.Cancel(call.Number);
        call.Answer = null;
        call.State = CallState.Established;
        _effects.Enqueue(new UserAgentEffect.Established(call.Number));
    }

    /// <summary>
    /// §13.3.1.4: the 2xx goes out again, over reliable transports, too, until its ACK is there; without one, BYE.
    /// </summary>
    void RepeatAnswer(Instant now, CallNumber number)
    {
        if (!_calls.TryGetValue(number, out var call) || call.Answer is not { } answer) return;
        if (now >= call.AnswerEnds)
        {
            SayBye(now, call);
            Finish(call, 408);
            return;
        }

        _layer.Respond(now, call.Invite, answer);
        call.AnswerInterval = call.AnswerInterval * 2 < T2 ? call.AnswerInterval * 2 : T2;
        _answers.Set(number, now + call.AnswerInterval);
    }

    void Refuse(Instant now, Call call, int status)
    {
        _layer.Respond(now, call.Invite, Respond(call, status));
        Finish(call, status);
    }

    /// <summary>A response that makes, or belongs to, the dialog of the call (§12.1.1).</summary>
    SipMessage Respond(Call call, int status)
    {
        var response = SipMessage.Response(call.Request, status, toTag: call.LocalTag);
        if (status >= 300) return response;
        response.CopyFrom(call.Request, HeaderName.RecordRoute);
        AddDialogHeaders(response);
        return response;
    }

    void Respond(Instant now, TransactionId id, SipMessage request, int status)
    {
        var response = SipMessage.Response(request, status, toTag: _random.NextToken(10));
        if (status == 405 || request.Method == SipMethod.Options) response.Set(HeaderName.Allow, Allowed);
        _layer.Respond(now, id, response);
    }
}
