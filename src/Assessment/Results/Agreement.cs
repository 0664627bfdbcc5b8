namespace Portunus.Assessment.Results;

/// <summary>Whether virtual time and sockets say the same of a cell's metric.</summary>
/// <param name="Cell">Solution, variant, scenario and network.</param>
/// <param name="Metric">By <see cref="MetricName"/>.</param>
/// <param name="Sockets">Median over sockets, in milliseconds.</param>
/// <param name="Virtual">Median in virtual time, in milliseconds.</param>
public sealed record Agreement(string Cell, string Metric, double Sockets, double Virtual)
{
    /// <summary>Whether the modelled cell has its service times from this very cell, so that it agrees by its making.</summary>
    public bool IsCalibration { get; init; }

    /// <summary>Between these the median over sockets lies with 95 % confidence, by the ranks of its samples; null where there
    /// are too few of them to say.</summary>
    public double? SocketsLow { get; init; }

    /// <summary>As <see cref="SocketsLow"/>.</summary>
    public double? SocketsHigh { get; init; }

    /// <summary>Whether a difference may come of how few samples there are over sockets; it is no agreement for that.</summary>
    public bool MayBeChance => SocketsLow <= Virtual && Virtual <= SocketsHigh;

    /// <summary>The largest difference of medians that counts as agreement, in milliseconds: 5 % and at least 2 ms.</summary>
    public double Tolerance => Math.Max(0.05 * Sockets, 2);

    public bool Holds => Math.Abs(Sockets - Virtual) <= Tolerance;
}
