namespace Portunus.Sip;

/// <summary>An INVITE that was sent (RFC 3261 §17.1.1, RFC 6026 §7.2).</summary>
sealed class InviteClient(TransactionId id, SipMessage request, ITransactionUser user) : ClientTransaction(id, request, user)
{
    TimeSpan _timerA;
    SipMessage? _ack;
    bool _cancelled;

    /// <summary>Its CANCEL waits for a provisional response: before one it may overtake the INVITE (§9.1).</summary>
    public SipMessage? Cancel { get; private set; }

    public override void Start()
    {
        State = TransactionState.Calling;
        User.Send(this, Request);
        if (!IsReliable) User.Arm(this, TransactionTimer.A, _timerA = Settings.T1);
        User.Arm(this, TransactionTimer.B, Settings.Patience);
    }

    /// <summary>True when the CANCEL is to be sent now; false when it waits, was sent, or comes too late.</summary>
    public bool OnCancel(SipMessage cancel)
    {
        if (State is TransactionState.Calling) Cancel ??= cancel;
        if (_cancelled || State is not TransactionState.Proceeding) return false;
        OnCancelSent();
        return true;
    }

    public override void OnResponse(SipMessage response)
    {
        switch (State, response.Status)
        {
            case (TransactionState.Calling or TransactionState.Proceeding, < 200):
                OnProvisional(response);
                break;
            case (TransactionState.Calling or TransactionState.Proceeding, < 300):
                State = TransactionState.Accepted;
                StopAll();
                User.Deliver(this, response);
                User.Arm(this, TransactionTimer.M, Settings.Patience);
                break;
            case (TransactionState.Calling or TransactionState.Proceeding, _):
                State = TransactionState.Completed;
                StopAll();
                User.Deliver(this, response);
                User.Send(this, _ack = SipMessage.Ack(Request, response));
                Linger(TransactionTimer.D, Settings.TimerD);
                break;
            // RFC 6026 §7.2: each 2xx goes up, be it another branch of a fork or the same again.
            case (TransactionState.Accepted, >= 200 and < 300):
                User.Deliver(this, response);
                break;
            case (TransactionState.Completed, >= 300):
                User.Send(this, _ack!);
                break;
        }
    }

    public override void OnTimer(TransactionTimer timer)
    {
        switch (timer)
        {
            case TransactionTimer.A:
                User.Send(this, Request);
                User.Arm(this, TransactionTimer.A, _timerA *= 2);
                break;
            case TransactionTimer.B:
                Fail();
                break;
            case TransactionTimer.C:
                User.Overdue(this);
                break;
            default:
                End();
                break;
        }
    }

    void OnProvisional(SipMessage response)
    {
        if (State is TransactionState.Calling)
        {
            State = TransactionState.Proceeding;
            StopAll();
            if (Settings.TimerC is { } first) User.Arm(this, TransactionTimer.C, first);
        }
        else if (response.Status > 100 && (Armed & (1 << (int)TransactionTimer.C)) != 0)
        {
            // §16.7 step 2: 101 to 199 start Timer C anew.
            User.Arm(this, TransactionTimer.C, Settings.TimerC!.Value);
        }

        User.Deliver(this, response);
    }

    /// <summary>§9.1: without a final response 64*T1 after its CANCEL, an INVITE counts as cancelled.</summary>
    public void OnCancelSent()
    {
        _cancelled = true;
        Cancel = null;
        User.Disarm(this, TransactionTimer.C);
        User.Arm(this, TransactionTimer.B, Settings.Patience);
    }

    void StopAll()
    {
        User.Disarm(this, TransactionTimer.A);
        User.Disarm(this, TransactionTimer.B);
        User.Disarm(this, TransactionTimer.C);
    }
}
