namespace Portunus.Bedrock;

/// <summary>
/// A moment on two clocks: a monotonic one for deadlines and lifetimes, and the wall for expiry inside credentials.
/// Setting the system clock back moves only the second.
/// </summary>
/// <remarks>Comparison, subtraction and hashing look at the monotonic clock alone; adding a span moves both.</remarks>
/// <param name="monotonicTicks">100 ns units since an origin of the caller's choice; never goes back.</param>
/// <param name="wallTicks">100 ns units since 1970-01-01T00:00:00Z.</param>
public readonly struct Instant(long monotonicTicks, long wallTicks) : IEquatable<Instant>, IComparable<Instant>
{
    public static readonly Instant MaxValue = new(long.MaxValue, long.MaxValue);

    public long MonotonicTicks { get; } = monotonicTicks;

    public long WallTicks { get; } = wallTicks;

    /// <summary>Whole seconds since 1970-01-01 UTC by the wall clock, as credentials carry them.</summary>
    public long UnixSeconds => Math.DivRem(WallTicks, TimeSpan.TicksPerSecond).Quotient;

    /// <summary>The instant at which the wall will show this second, if nobody sets it; <see cref="MaxValue"/> beyond its
    /// range.</summary>
    public Instant AtUnixSeconds(long unixSeconds)
    {
        var ticks = (Int128)unixSeconds * TimeSpan.TicksPerSecond;
        var monotonic = MonotonicTicks + ticks - WallTicks;
        return ticks > long.MaxValue || monotonic > long.MaxValue ? MaxValue
            : ticks < long.MinValue || monotonic < long.MinValue ? new(long.MinValue, long.MinValue)
            : new((long)monotonic, (long)ticks);
    }

    /// <summary>An instant whose two clocks agree on a start at <paramref name="unixSeconds"/>; what tests begin with.</summary>
    public static Instant FromUnixSeconds(long unixSeconds) => new(0, unixSeconds * TimeSpan.TicksPerSecond);

    public static Instant operator +(Instant at, TimeSpan span) => new(at.MonotonicTicks + span.Ticks, at.WallTicks + span.Ticks);

    public static TimeSpan operator -(Instant later, Instant earlier) => new(later.MonotonicTicks - earlier.MonotonicTicks);

    public static bool operator <(Instant a, Instant b) => a.MonotonicTicks < b.MonotonicTicks;

    public static bool operator >(Instant a, Instant b) => a.MonotonicTicks > b.MonotonicTicks;

    public static bool operator <=(Instant a, Instant b) => a.MonotonicTicks <= b.MonotonicTicks;

    public static bool operator >=(Instant a, Instant b) => a.MonotonicTicks >= b.MonotonicTicks;

    public static bool operator ==(Instant a, Instant b) => a.MonotonicTicks == b.MonotonicTicks;

    public static bool operator !=(Instant a, Instant b) => a.MonotonicTicks != b.MonotonicTicks;

    /// <summary>Of several deadlines the one that is due first; null when none is set.</summary>
    public static Instant? Earliest(params ReadOnlySpan<Instant?> deadlines)
    {
        Instant? earliest = null;
        foreach (var deadline in deadlines)
            if (earliest is null || deadline < earliest) earliest = deadline;
        return earliest;
    }

    public int CompareTo(Instant other) => MonotonicTicks.CompareTo(other.MonotonicTicks);

    public bool Equals(Instant other) => this == other;

    public override bool Equals(object? obj) => obj is Instant other && this == other;

    public override int GetHashCode() => MonotonicTicks.GetHashCode();

    public override string ToString() => $"{TimeSpan.FromTicks(MonotonicTicks):c} ({DateTimeOffset.UnixEpoch.AddTicks(WallTicks):O})";
}
