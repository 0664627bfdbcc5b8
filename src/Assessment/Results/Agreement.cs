namespace Portunus.Assessment.Results;

/// <summary>Whether virtual time and sockets say the same of a cell's metric.</summary>
/// <param name="Cell">Solution, variant, scenario and network.</param>
/// <param name="Metric">By <see cref="MetricName"/>.</param>
/// <param name="Sockets">Median over sockets, in milliseconds.</param>
/// <param name="Virtual">Median in virtual time, in milliseconds.</param>
public sealed record Agreement(string Cell, string Metric, double Sockets, double Virtual)
{
    /// <summary>The largest difference of medians that counts as agreement, in milliseconds: 5 % and at least 2 ms.</summary>
    public double Tolerance => Math.Max(0.05 * Sockets, 2);

    public bool Holds => Math.Abs(Sockets - Virtual) <= Tolerance;
}
