namespace Portunus.Sip;

/// <summary>What a machine may ask of the layer that holds it.</summary>
interface ITransactionUser
{
    TransactionSettings Settings { get; }

    void Send(Transaction from, SipMessage message);

    void Deliver(Transaction from, SipMessage message);

    void Overdue(Transaction from);

    void Arm(Transaction from, TransactionTimer timer, TimeSpan after);

    void Disarm(Transaction from, TransactionTimer timer);

    void Fail(Transaction from, TransactionFailure why);

    void End(Transaction from);
}
