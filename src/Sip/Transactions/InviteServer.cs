namespace Portunus.Sip;

/// <summary>An INVITE that was received (RFC 3261 §17.2.1, RFC 6026 §7.1).</summary>
sealed class InviteServer(TransactionId id, SipMessage request, ITransactionUser user) : ServerTransaction(id, request, user)
{
    TimeSpan _timerG;
    SipMessage? _last;

    public override void Start()
    {
        State = TransactionState.Proceeding;
        User.Arm(this, TransactionTimer.Trying, Settings.TryingAfter);
    }

    public override void OnRequest(SipMessage request)
    {
        if (request.Method == SipMethod.Ack)
        {
            OnAck(request);
            return;
        }

        // RFC 6026 §7.1: in Accepted the 2xx is the user's to repeat. In Confirmed a late INVITE is absorbed.
        if (State is TransactionState.Proceeding or TransactionState.Completed && _last is not null) User.Send(this, _last);
    }

    public override bool OnRespond(SipMessage response)
    {
        if (State is TransactionState.Accepted && response.Status is >= 200 and < 300)
        {
            User.Send(this, response);
            return true;
        }

        if (State is not TransactionState.Proceeding) return false;
        User.Disarm(this, TransactionTimer.Trying);
        User.Send(this, _last = response);
        if (response.Status < 200) return true;
        HasFinalResponse = true;
        if (response.Status < 300)
        {
            State = TransactionState.Accepted;
            User.Arm(this, TransactionTimer.L, Settings.Patience);
            return true;
        }

        State = TransactionState.Completed;
        if (!IsReliable) User.Arm(this, TransactionTimer.G, _timerG = Settings.T1);
        User.Arm(this, TransactionTimer.H, Settings.Patience);
        return true;
    }

    public override void OnTimer(TransactionTimer timer)
    {
        switch (timer)
        {
            case TransactionTimer.Trying:
                User.Send(this, _last = SipMessage.Response(Request, 100));
                break;
            case TransactionTimer.G:
                User.Send(this, _last!);
                _timerG = _timerG * 2 < Settings.T2 ? _timerG * 2 : Settings.T2;
                User.Arm(this, TransactionTimer.G, _timerG);
                break;
            case TransactionTimer.H:
                Fail();
                break;
            default:
                End();
                break;
        }
    }

    void OnAck(SipMessage ack)
    {
        if (State is TransactionState.Accepted)
        {
            User.Deliver(this, ack);
            return;
        }

        if (State is not TransactionState.Completed) return;
        State = TransactionState.Confirmed;
        User.Disarm(this, TransactionTimer.G);
        User.Disarm(this, TransactionTimer.H);
        Linger(TransactionTimer.I, Settings.T4);
    }
}
