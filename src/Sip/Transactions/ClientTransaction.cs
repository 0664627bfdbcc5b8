namespace Portunus.Sip;

/// <summary>The side that sent the request.</summary>
abstract class ClientTransaction(TransactionId id, SipMessage request, ITransactionUser user) : Transaction(id, request, user)
{
    public abstract void Start();

    public abstract void OnResponse(SipMessage response);
}
