using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>How fast a bucket fills, and what it holds.</summary>
readonly struct BucketRate
{
    /// <param name="perSecond">At least 1.</param>
    /// <param name="burst">At least 1; what can be taken at once from a full bucket.</param>
    public BucketRate(long perSecond, long burst)
    {
        (PerSecond, Burst) = (perSecond, burst);
        FillTicks = (long)((Int128)burst * TimeSpan.TicksPerSecond / perSecond);
    }

    public long PerSecond { get; }

    public long Burst { get; }

    /// <summary>How long an empty bucket takes to be full, in 100 ns: a longer pause is not multiplied, so nothing
    /// overflows.</summary>
    public long FillTicks { get; }
}

/// <summary>
/// A bucket of which tokens are taken and which fills with time: a rate with a burst. Two numbers, and no timer; a new one is full.
/// </summary>
struct TokenBucket
{
    // Below the brim, so that memory of zeros is full buckets.
    long _missing;

    // Until when what came in was counted, in monotonic ticks.
    long _at;

    /// <summary>Takes tokens, or none of them.</summary>
    /// <param name="now">The time.</param>
    /// <param name="rate">The same each time, or the bucket is judged by another.</param>
    /// <param name="count">How many.</param>
    /// <param name="leave">How many must be there afterwards.</param>
    public bool TryTake(Instant now, in BucketRate rate, long count, long leave = 0)
    {
        if (Level(now, rate) - count < leave) return false;
        _missing += count;
        return true;
    }

    /// <summary>Puts tokens in, up to the brim.</summary>
    public void Give(long count) => _missing = Math.Max(0, _missing - count);

    /// <summary>How many tokens are there.</summary>
    public long Level(Instant now, in BucketRate rate)
    {
        // Two workers read their clocks one after the other: time may seem to go back by a little.
        var elapsed = Math.Max(0, now.MonotonicTicks - _at);
        if (_missing <= 0 || elapsed >= rate.FillTicks)
        {
            (_missing, _at) = (0, Math.Max(_at, now.MonotonicTicks));
            return rate.Burst;
        }

        var gained = elapsed * rate.PerSecond / TimeSpan.TicksPerSecond;
        if (gained > 0)
        {
            _missing = Math.Max(0, _missing - gained);
            // Rounded up: what is a fraction of a token now is not lost, and never counted twice.
            _at += ((gained * TimeSpan.TicksPerSecond) + rate.PerSecond - 1) / rate.PerSecond;
        }

        return rate.Burst - _missing;
    }
}
