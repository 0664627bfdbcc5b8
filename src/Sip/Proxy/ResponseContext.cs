namespace Portunus.Sip;

/// <summary>A request on its way through a proxy: one server transaction and what it was forwarded as (RFC 3261 §16.2).</summary>
public sealed class ResponseContext<TPath, TNote> where TPath : notnull where TNote : class
{
    readonly List<ProxyBranch<TPath, TNote>> _branches = [];

    internal ResponseContext(TransactionId id, TPath path, SipMessage request) => (Id, Path, Request) = (id, path, request);

    /// <summary>Where the request came from.</summary>
    public TPath Path { get; }

    /// <summary>As it was received: what responses are made of.</summary>
    public SipMessage Request { get; }

    /// <summary>Whether its caller is gone or its transaction is over: nobody waits for what is still to be decided.</summary>
    public bool IsEnded { get; internal set; }

    /// <summary>Whether it was cancelled (§9.2): who had not sent it on yet answers 487 instead.</summary>
    public bool IsCancelled { get; internal set; }

    internal TransactionId Id { get; }

    internal IReadOnlyList<ProxyBranch<TPath, TNote>> Branches => _branches;

    /// <summary>Whether a final response was sent back; only further 2xx to an INVITE follow it.</summary>
    internal bool IsAnswered { get; set; }

    internal void Add(ProxyBranch<TPath, TNote> branch) => _branches.Add(branch);

    /// <summary>
    /// The response to send back when every branch has its own (§16.7 step 6): a 6xx if there is one, else of the lowest class,
    /// and there one that lets the caller do better.
    /// </summary>
    internal SipMessage? Best()
    {
        SipMessage? best = null;
        foreach (var branch in _branches)
        {
            if (!branch.IsDone) return null;
            if (branch.Final is { } final && (best is null || Rank(final) < Rank(best))) best = final;
        }

        return best;
    }

    static int Rank(SipMessage response) => response.Status switch
    {
        >= 600 => 0,
        401 or 407 or 415 or 420 or 484 => 40,
        // Nobody there is news only when no other branch has any; 480 is what a closed flow's 430 has become (RFC 5626 §5.3).
        408 or 480 => 49,
        var status => status / 100 * 10 + 1,
    };
}
