namespace Portunus.Sip;

/// <summary>One forwarding of a request: a client transaction with its place in the response context (RFC 3261 §16.6).</summary>
public sealed class ProxyBranch<TPath, TNote> where TPath : notnull where TNote : class
{
    internal ProxyBranch(ResponseContext<TPath, TNote>? context, TPath path, SipMessage request, TNote note) =>
        (Context, Path, Request, Note) = (context, path, request, note);

    /// <summary>What it belongs to; null for a request of our own.</summary>
    public ResponseContext<TPath, TNote>? Context { get; }

    public TPath Path { get; }

    /// <summary>What its user keeps with it.</summary>
    public TNote Note { get; }

    /// <summary>As it was sent.</summary>
    internal SipMessage Request { get; }

    internal TransactionId Id { get; set; }

    /// <summary>Above 299, and kept until the best is chosen.</summary>
    internal SipMessage? Final { get; set; }

    internal bool IsDone { get; set; }
}
