using System.Collections.Immutable;

namespace Portunus.Assessment.Virtual;

/// <summary>Between which samples the median lies of what they were drawn from, whatever its distribution.</summary>
static class MedianInterval
{
    /// <summary>Of both ends together.</summary>
    const double Doubt = 0.05;

    /// <summary>With 95 % confidence, by the binomial distribution of the ranks; nulls for fewer than six samples.</summary>
    public static (double? Low, double? High) Of(ImmutableArray<double> samples)
    {
        var sorted = samples.Sort();
        var n = sorted.Length;
        // The chance that fewer than this many of n samples lie below the median.
        var (rank, chance, term) = (0, 0.0, Math.Pow(0.5, n));
        while (rank < n && chance + term <= Doubt / 2)
        {
            chance += term;
            term = term * (n - rank) / (rank + 1);
            rank++;
        }

        return rank == 0 ? (null, null) : (sorted[rank - 1], sorted[n - rank]);
    }
}
