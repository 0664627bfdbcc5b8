namespace Portunus.Wic;

/// <summary>How much a test stream sends.</summary>
/// <param name="Packets">At most <see cref="MostPackets"/>.</param>
/// <param name="Interval">Between two.</param>
public sealed record MediaPlan(int Packets, TimeSpan Interval)
{
    /// <summary>An hour at 500 packets a second: what one run can keep the times of.</summary>
    public const int MostPackets = 1_800_000;

    /// <summary>Packets that come later than this after the last was sent count as lost.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After this long without a packet of the other side it is over; null to go on.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>Whether the first packet leaves only when the other side was heard: who answers a call cannot know earlier
    /// that the caller's relay lets it through.</summary>
    public bool WaitsToHear { get; init; }
}
