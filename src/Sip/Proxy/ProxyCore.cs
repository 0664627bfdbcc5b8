using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;

namespace Portunus.Sip;

/// <summary>
/// The proxy core of RFC 3261 §16 over a transaction layer: ties each server transaction to the client transactions it was
/// forwarded as, answers CANCEL, minds Timer C, and chooses the best response. Where a request goes its user decides.
/// </summary>
/// <remarks>After each call take effects until there are none; messages given away to it are not edited afterwards.</remarks>
public sealed partial class ProxyCore<TPath, TNote> where TPath : notnull where TNote : class
{
    readonly TransactionLayer<TPath> _layer;
    readonly Dictionary<TransactionId, ResponseContext<TPath, TNote>> _contexts = [];
    readonly Dictionary<TransactionId, ProxyBranch<TPath, TNote>> _branches = [];

    /// <param name="settings">Without a Timer C, that of a proxy is taken: larger than three minutes (§16.6 step 11).</param>
    /// <exception cref="ArgumentException">Settings that no layer can work with.</exception>
    public ProxyCore(TransactionSettings settings) =>
        _layer = new(settings with { TimerC = settings.TimerC ?? TimeSpan.FromSeconds(185) });

    public Instant? NextDeadline => _layer.NextDeadline;

    /// <summary>Open transactions of one path: what a user bounds per neighbour.</summary>
    public int CountOf(TPath path) => _layer.CountOf(path);

    public void OnMessage(Instant now, TPath path, SipMessage message) => _layer.OnMessage(now, path, message);

    public void OnDeadline(Instant now) => _layer.OnDeadline(now);

    /// <summary>A connection is gone: what it sent is cancelled, what was sent to it fails.</summary>
    public void OnPathClosed(Instant now, TPath path) => _layer.OnPathClosed(now, path);

    /// <summary>
    /// Takes one away from Max-Forwards, or sets it to 70 (§16.6 step 3); false when none is left: 483 (§16.3 step 3).
    /// </summary>
    public static bool TryHop(SipMessage request)
    {
        var left = request.MaxForwards ?? SipMessage.InitialMaxForwards + 1;
        if (left == 0) return false;
        request.Set(HeaderName.MaxForwards, Math.Min(left - 1, 255).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>Sends a request on; more than once forks it (§16.6). False when there is no room: then it was not.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="context">Of the request; null for a request of our own.</param>
    /// <param name="path">Where to.</param>
    /// <param name="request">With our Via on top.</param>
    /// <param name="note">Comes back with each response.</param>
    public bool TryForward(Instant now, ResponseContext<TPath, TNote>? context, TPath path, SipMessage request, TNote note)
    {
        var branch = new ProxyBranch<TPath, TNote>(context, path, request, note);
        if (!_layer.TrySend(now, path, request, out var id)) return false;
        branch.Id = id;
        _branches.Add(id, branch);
        context?.Add(branch);
        return true;
    }

    /// <summary>Sends what has no transaction: the ACK of a 2xx.</summary>
    public void SendApart(TPath path, SipMessage message) => _layer.SendApart(path, message);

    /// <summary>Answers a request here, without or instead of forwarding.</summary>
    public void Respond(Instant now, ResponseContext<TPath, TNote> context, SipMessage response)
    {
        _layer.Respond(now, context.Id, response);
        if (response.Status >= 200) Close(now, context);
    }

    /// <summary>
    /// Lets a response go back by the rules of §16.7: provisional ones and 2xx at once, others when all branches have theirs.
    /// </summary>
    public void Pass(Instant now, ProxyBranch<TPath, TNote> branch, SipMessage response)
    {
        if (branch.Context is not { } context) return;
        if (response.Status >= 200) branch.IsDone = true;
        switch (response.Status)
        {
            case < 200:
                if (!context.IsAnswered) _layer.Respond(now, context.Id, response);
                break;
            case < 300:
                // §16.7 step 5: each 2xx to an INVITE goes back, also after another.
                _layer.Respond(now, context.Id, response);
                Close(now, context);
                break;
            default:
                branch.Final = response;
                if (response.Status >= 600) CancelOthers(now, context);
                if (!context.IsAnswered && context.Best() is { } best) Respond(now, context, best);
                break;
        }
    }

    /// <summary>Takes the next effect.</summary>
    /// <param name="now">The moment of the call whose effects these are.</param>
    /// <param name="effect">What to do or decide.</param>
    public bool TryTake(Instant now, [NotNullWhen(true)] out ProxyEffect<TPath, TNote>? effect)
    {
        effect = null;
        while (effect is null && _layer.TryTake(out var below)) effect = Rise(now, below);
        return effect is not null;
    }

    void Close(Instant now, ResponseContext<TPath, TNote> context)
    {
        context.IsAnswered = true;
        CancelOthers(now, context);
    }

    /// <summary>§16.7 step 10: what still rings is told to stop.</summary>
    void CancelOthers(Instant now, ResponseContext<TPath, TNote> context, string? reason = null)
    {
        foreach (var branch in context.Branches)
            if (!branch.IsDone) _layer.Cancel(now, branch.Id, reason);
    }
}
