using System.Collections.Immutable;

namespace Portunus.Assessment.Study;

/// <summary>What every link of an experiment does to what it carries.</summary>
/// <param name="RttMs">Round-trip time of a link, in milliseconds; half of it each way.</param>
/// <param name="Loss">Share of lost datagrams and stream segments, 0 to 1.</param>
public sealed record Network(double RttMs, double Loss)
{
    /// <summary>Links with a round-trip time of their own, by name (<see cref="LinkName"/>); in milliseconds.</summary>
    public ImmutableSortedDictionary<string, double> Links { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    public double RttOf(string link) => Links.GetValueOrDefault(link, RttMs);

    public override string ToString() => FormattableString.Invariant($"{RttMs:0.##} ms, {Loss * 100:0.##} %")
        + string.Concat(Links.Select(link => FormattableString.Invariant($", {link.Key} {link.Value:0.##} ms")));
}
