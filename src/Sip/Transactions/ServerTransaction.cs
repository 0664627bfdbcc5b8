namespace Portunus.Sip;

/// <summary>The side that got the request.</summary>
abstract class ServerTransaction(TransactionId id, SipMessage request, ITransactionUser user) : Transaction(id, request, user)
{
    public bool HasFinalResponse { get; protected set; }

    public abstract void Start();

    /// <summary>The same request again; the ACK, too, when it is of an INVITE.</summary>
    public abstract void OnRequest(SipMessage request);

    /// <summary>A response by the user; false when it may not be sent in this state.</summary>
    public abstract bool OnRespond(SipMessage response);
}
