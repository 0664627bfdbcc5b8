namespace Portunus.Sip;

/// <summary>One of the four machines of RFC 3261 §17: inputs are messages and timers, effects go to its user.</summary>
/// <param name="id">Of the layer.</param>
/// <param name="request">As sent or received; kept until the end, so nobody else may edit it.</param>
/// <param name="user">Performs its effects.</param>
abstract class Transaction(TransactionId id, SipMessage request, ITransactionUser user)
{
    protected ITransactionUser User { get; } = user;

    public TransactionId Id { get; } = id;

    public SipMessage Request { get; } = request;

    /// <summary>The top Via, which the transaction is matched by.</summary>
    public Via Via { get; } = request.TopVia!;

    public TransactionState State { get; protected set; }

    /// <summary>
    /// By the top Via: over all but UDP nothing is retransmitted, and what waits for retransmissions waits not at all.
    /// </summary>
    public bool IsReliable => Via.IsReliable;

    /// <summary>Whether its user never hears of it: a CANCEL that the layer sends itself.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Which timers run, a bit each; kept by the layer.</summary>
    public int Armed { get; set; }

    protected TransactionSettings Settings => User.Settings;

    public abstract void OnTimer(TransactionTimer timer);

    /// <summary>Its connection is gone. Who has the final response already is not told of a failure.</summary>
    public void OnTransportError()
    {
        if (State is TransactionState.Calling or TransactionState.Trying or TransactionState.Proceeding)
            User.Fail(this, TransactionFailure.TransportError);
        End();
    }

    protected void End()
    {
        State = TransactionState.Terminated;
        User.End(this);
    }

    /// <summary>Waits for retransmissions; over reliable transports there are none, and it ends at once.</summary>
    protected void Linger(TransactionTimer timer, TimeSpan span)
    {
        if (IsReliable) End();
        else User.Arm(this, timer, span);
    }

    protected void Fail()
    {
        User.Fail(this, TransactionFailure.Timeout);
        End();
    }
}
