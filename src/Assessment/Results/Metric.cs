using System.Collections.Immutable;

namespace Portunus.Assessment.Results;

/// <summary>Samples of one quantity, and what stands out of them; percentiles by the nearest rank.</summary>
/// <param name="Unit"><c>ms</c> unless another is said.</param>
/// <param name="Samples">Every raw one, in the order they were taken; or, where <see cref="Of"/> says so, their quantiles.</param>
public sealed record Metric(string Unit, ImmutableArray<double> Samples)
{
    /// <summary>How many samples there were of which <see cref="Samples"/> holds only the quantiles, at equal steps up to the
    /// largest; null where it holds them all.</summary>
    public int? Of { get; init; }

    /// <summary>How many samples there are.</summary>
    public int N => Of ?? Samples.Length;

    /// <summary>The median; null without samples, as are the others.</summary>
    public double? P50 => Percentile(0.50);

    /// <summary>Nineteen of twenty are not above it.</summary>
    public double? P95 => Percentile(0.95);

    /// <summary>Ninety-nine of a hundred are not above it.</summary>
    public double? P99 => Percentile(0.99);

    double? Percentile(double share)
    {
        if (Samples.IsDefaultOrEmpty) return null;
        var sorted = Samples.Sort();
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
