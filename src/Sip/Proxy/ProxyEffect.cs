namespace Portunus.Sip;

/// <summary>What a <see cref="ProxyCore{TPath, TNote}"/> wants done or decided, in the order it came about.</summary>
/// <typeparam name="TPath">How its user names a way to a neighbour.</typeparam>
/// <typeparam name="TNote">What its user keeps of a request that was sent on.</typeparam>
public abstract record ProxyEffect<TPath, TNote> where TPath : notnull where TNote : class
{
    ProxyEffect()
    {
    }

    /// <summary>Write this message to that neighbour; it may be sent again, so it is not edited.</summary>
    public sealed record ToTransport(TPath Path, SipMessage Message) : ProxyEffect<TPath, TNote>;

    /// <summary>A new request, neither ACK nor CANCEL: forward or answer it.</summary>
    public sealed record Request(ResponseContext<TPath, TNote> Context, SipMessage Message) : ProxyEffect<TPath, TNote>;

    /// <summary>The ACK of a 2xx (RFC 3261 §16.11): forward it apart, or drop it.</summary>
    public sealed record Ack(TPath Path, SipMessage Message) : ProxyEffect<TPath, TNote>;

    /// <summary>
    /// A response from where a request was forwarded to, our Via gone: edit it and let it
    /// <see cref="ProxyCore{TPath, TNote}.Pass"/>. Never a 100. When nobody answered it is a 408 made here, when the way there
    /// broke a 503.
    /// </summary>
    /// <param name="Branch">Of which forwarding.</param>
    /// <param name="Message">Yours to edit.</param>
    /// <param name="Failure">Why the response was made here; null when it was received.</param>
    public sealed record Response(ProxyBranch<TPath, TNote> Branch, SipMessage Message, TransactionFailure? Failure)
        : ProxyEffect<TPath, TNote>;
}
