namespace Portunus.Sip;

/// <summary>What a <see cref="TransactionLayer{TPath}"/> wants done, in the order it came about.</summary>
/// <typeparam name="TPath">How the layer's user names a way to a neighbour.</typeparam>
public abstract record TransactionEffect<TPath>
{
    TransactionEffect()
    {
    }

    /// <summary>Write this message to that neighbour.</summary>
    public sealed record ToTransport(TPath Path, SipMessage Message) : TransactionEffect<TPath>;

    /// <summary>A new request: answer it with <see cref="TransactionLayer{TPath}.Respond"/>.</summary>
    /// <param name="Id">Its server transaction.</param>
    /// <param name="Path">Where it came from.</param>
    /// <param name="Message">Never an ACK.</param>
    /// <param name="Cancels">Of a CANCEL the INVITE that it means, while that has no final response; null for none (481).</param>
    public sealed record Request(TransactionId Id, TPath Path, SipMessage Message, TransactionId? Cancels)
        : TransactionEffect<TPath>;

    /// <summary>The ACK of a 2xx: it has no transaction and gets no answer (§13.2.2.4, §16.11).</summary>
    public sealed record Ack(TPath Path, SipMessage Message) : TransactionEffect<TPath>;

    /// <summary>
    /// A response to a request that was sent here. 2xx to an INVITE come as often as they come (RFC 6026 §7.2).
    /// </summary>
    /// <param name="Id">What <see cref="TransactionLayer{TPath}.TrySend"/> gave.</param>
    /// <param name="Message">With our Via still on top.</param>
    public sealed record Response(TransactionId Id, SipMessage Message) : TransactionEffect<TPath>;

    /// <summary>Timer C: a proxied INVITE rings for too long; cancel it (§16.8).</summary>
    public sealed record Overdue(TransactionId Id) : TransactionEffect<TPath>;

    /// <summary>Nothing more will come; <see cref="Ended"/> follows.</summary>
    public sealed record Failed(TransactionId Id, TransactionFailure Why) : TransactionEffect<TPath>;

    /// <summary>The transaction is forgotten: the last effect that bears its id, exactly once.</summary>
    public sealed record Ended(TransactionId Id) : TransactionEffect<TPath>;
}
