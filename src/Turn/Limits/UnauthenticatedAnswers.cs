using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>
/// Judges every answer to a client that has proved nothing: whether it may leave. One worker's; memory is taken at the start, nothing is
/// allocated later.
/// </summary>
/// <remarks>
/// Each source, an IPv4 address or a /64, has a bucket, and all together have a budget of bytes. A source that showed a nonce of ours is
/// not forged, or at least somebody is there: for some minutes it has a wider bucket, and with all others that are known a
/// budget of its own, so that a flood of strangers does not touch it, and one that forges known addresses gains nothing either.
/// </remarks>
sealed class UnauthenticatedAnswers
{
    // Of floods that forge known addresses no more may come than of others; what is forged of strangers does not touch it.
    const int KnownBudgetFactor = 2;

    readonly UnauthenticatedBudget _budget;
    readonly UnauthenticatedBudget _knownBudget;
    readonly SipHash _key;
    readonly PrefixTable<TokenBucket> _strangers;
    readonly PrefixTable<KnownSource> _known;
    readonly RepeatedRequests _unanswered;
    BucketRate _strangerRate;
    BucketRate _knownRate;
    long _knownTicks;

    public UnauthenticatedAnswers(UnauthenticatedLimits limits, IRandom random)
    {
        _budget = new(limits);
        _knownBudget = new(limits, KnownBudgetFactor);
        Use(limits);
        _strangers = new(limits.Sources);
        _known = new(limits.Sources);
        // Of a flood of 10,000 a second the last three seconds or so are remembered.
        _unanswered = new(4 * limits.Sources);
        Span<byte> key = stackalloc byte[SipHash.KeyLength];
        random.Fill(key);
        _key = new(key);
    }

    /// <summary>Other limits hold from now on; what sources have had is remembered, and so many as before.</summary>
    public void Use(UnauthenticatedLimits limits)
    {
        _budget.Use(limits);
        _knownBudget.Use(limits);
        _strangerRate = new(limits.AnswersPerSecond, limits.Burst);
        _knownRate = new((long)limits.AnswersPerSecond * limits.KnownFactor, (long)limits.Burst * limits.KnownFactor);
        _knownTicks = limits.KnownFor.Ticks;
    }

    /// <summary>A request showed a fresh nonce of ours: whoever sent it heard our answer.</summary>
    public void Know(Instant now, in TransportAddress client, int length)
    {
        var source = SourcePrefix.Hash(_key, client);
        ref var place = ref _known.Find(source, out var found);
        (found && IsRecent(now, place.UsedAt) ? _knownBudget : _budget).Return(length);
        _known.Take(source, now);
    }

    /// <summary>Whether a credential may be looked for and tried, which is the costly part. Who guesses comes to an end; nobody else
    /// can use up the tries of a source, since it takes a nonce.</summary>
    public bool MayTry(Instant now, in TransportAddress client)
    {
        ref var place = ref _known.Find(SourcePrefix.Hash(_key, client), out var found);
        return !found || place.Value.Tries.TryTake(now, _knownRate, 1);
    }

    /// <summary>A request was proved: the challenge before it, and the try if it was one, were no waste of its source's share.</summary>
    public void Prove(in TransportAddress client, bool isTry)
    {
        ref var place = ref _known.Find(SourcePrefix.Hash(_key, client), out var found);
        if (!found) return;
        place.Value.Answers.Give(1);
        if (isTry) place.Value.Tries.Give(1);
    }

    /// <summary>Whether an answer may leave; <see cref="DropReason.None"/> when it may.</summary>
    /// <param name="now">The time.</param>
    /// <param name="client">Where the request seems to come from.</param>
    /// <param name="transaction">Of the request.</param>
    /// <param name="received">Bytes of the request.</param>
    /// <param name="length">Bytes of the answer.</param>
    public DropReason Judge(
        Instant now, in TransportAddress client, in TransactionId transaction, int received, int length)
    {
        var source = SourcePrefix.Hash(_key, client);
        var request = RepeatedRequests.Hash(_key, client, transaction);
        var isRepeated = _unanswered.Contains(now, request);
        ref var known = ref _known.Find(source, out var found);
        var reason = found && IsRecent(now, known.UsedAt)
            ? Spend(now, ref known.Value.Answers, _knownRate, _knownBudget, received, length, isRepeated)
            : Spend(now, ref _strangers.Take(source, now).Value, _strangerRate, _budget, received, length, isRepeated);
        if (reason != DropReason.None) _unanswered.Add(now, request);
        return reason;
    }

    static DropReason Spend(
        Instant now, ref TokenBucket bucket, in BucketRate rate, UnauthenticatedBudget budget, int received, int length, bool isRepeated)
    {
        budget.Earn(now, received);
        if (!bucket.TryTake(now, rate, 1, isRepeated ? 0 : rate.Burst / 2)) return DropReason.SourceLimit;
        if (budget.TrySpend(now, length, isRepeated)) return DropReason.None;
        bucket.Give(1);
        return DropReason.BudgetSpent;
    }

    bool IsRecent(Instant now, long at) => now.MonotonicTicks - at < _knownTicks;

    /// <summary>What a source may have that showed a nonce of ours.</summary>
    struct KnownSource
    {
        public TokenBucket Answers;
        public TokenBucket Tries;
    }
}
