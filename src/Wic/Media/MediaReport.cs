namespace Portunus.Wic;

/// <summary>What became of a test stream.</summary>
/// <param name="Sent">Packets of this side.</param>
/// <param name="Returned">Of these, how many an echo sent back.</param>
/// <param name="Heard">Packets of the other side.</param>
/// <param name="Expected">How many of the other side there must have been, by their numbers (RFC 3550 §A.3).</param>
/// <param name="RoundTrips">In rising order.</param>
public sealed record MediaReport(int Sent, int Returned, int Heard, int Expected, IReadOnlyList<TimeSpan> RoundTrips)
{
    /// <summary>The round trip that <paramref name="share"/> of all do not exceed, by nearest rank; null without any.</summary>
    /// <param name="share">Above 0, up to 1.</param>
    public TimeSpan? Percentile(double share) =>
        RoundTrips.Count == 0 ? null : RoundTrips[(int)Math.Ceiling(share * RoundTrips.Count) - 1];
}
