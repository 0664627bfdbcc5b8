namespace Portunus.Sip;

/// <summary>Any request but INVITE and ACK that was sent (RFC 3261 §17.1.2).</summary>
sealed class NonInviteClient(TransactionId id, SipMessage request, ITransactionUser user) : ClientTransaction(id, request, user)
{
    TimeSpan _timerE;

    public override void Start()
    {
        State = TransactionState.Trying;
        User.Send(this, Request);
        if (!IsReliable) User.Arm(this, TransactionTimer.E, _timerE = Settings.T1);
        User.Arm(this, TransactionTimer.F, Settings.Patience);
    }

    public override void OnResponse(SipMessage response)
    {
        if (State is TransactionState.Completed) return;
        User.Deliver(this, response);
        if (response.Status < 200)
        {
            State = TransactionState.Proceeding;
            return;
        }

        State = TransactionState.Completed;
        User.Disarm(this, TransactionTimer.E);
        User.Disarm(this, TransactionTimer.F);
        Linger(TransactionTimer.K, Settings.T4);
    }

    public override void OnTimer(TransactionTimer timer)
    {
        switch (timer)
        {
            case TransactionTimer.E:
                User.Send(this, Request);
                // Doubles up to T2; once a provisional response is there, it is T2 (§17.1.2.2).
                var doubled = _timerE * 2;
                _timerE = State is TransactionState.Proceeding || doubled > Settings.T2 ? Settings.T2 : doubled;
                User.Arm(this, TransactionTimer.E, _timerE);
                break;
            case TransactionTimer.F:
                Fail();
                break;
            default:
                End();
                break;
        }
    }
}
