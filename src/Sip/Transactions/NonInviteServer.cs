namespace Portunus.Sip;

/// <summary>Any request but INVITE and ACK that was received (RFC 3261 §17.2.2, RFC 4320).</summary>
sealed class NonInviteServer(TransactionId id, SipMessage request, ITransactionUser user) : ServerTransaction(id, request, user)
{
    SipMessage? _last;

    public override void Start()
    {
        State = TransactionState.Trying;
        User.Arm(this, TransactionTimer.Trying, Settings.TimerEReachesT2);
        // RFC 4320 §4.2: after 64*T1 the client has given up, and an answer would only harm. It ends in silence.
        User.Arm(this, TransactionTimer.J, Settings.Patience);
    }

    public override void OnRequest(SipMessage request)
    {
        if (_last is not null) User.Send(this, _last);
    }

    public override bool OnRespond(SipMessage response)
    {
        if (State is TransactionState.Completed) return false;
        // RFC 4320 §4.1: no provisional response but 100, and over unreliable transports that not before Timer E is T2.
        if (response.Status is < 200) return false;
        User.Disarm(this, TransactionTimer.Trying);
        User.Disarm(this, TransactionTimer.J);
        HasFinalResponse = true;
        // RFC 4320 §4.2: never a 408.
        if (response.Status == 408)
        {
            End();
            return false;
        }

        State = TransactionState.Completed;
        User.Send(this, _last = response);
        Linger(TransactionTimer.J, Settings.Patience);
        return true;
    }

    public override void OnTimer(TransactionTimer timer)
    {
        if (timer is not TransactionTimer.Trying)
        {
            End();
            return;
        }

        State = TransactionState.Proceeding;
        User.Send(this, _last = SipMessage.Response(Request, 100));
    }
}
