namespace Portunus.Assessment.Report.Plots;

/// <summary>An axis: where a value stands on it, and which values are written beside it.</summary>
/// <param name="From">The least value; above 0 on a logarithmic axis.</param>
/// <param name="To">The largest.</param>
/// <param name="Start">Where <paramref name="From"/> stands.</param>
/// <param name="End">Where <paramref name="To"/> stands.</param>
/// <param name="IsLog">By powers of ten.</param>
sealed record Scale(double From, double To, double Start, double End, bool IsLog = false)
{
    /// <summary>Within the axis, whatever the value.</summary>
    public double At(double value)
    {
        var bounded = Math.Clamp(value, From, To);
        var share = IsLog
            ? (Math.Log10(bounded) - Math.Log10(From)) / (Math.Log10(To) - Math.Log10(From))
            : (bounded - From) / (To - From);
        return Start + (share * (End - Start));
    }

    /// <summary>From zero to a little beyond the largest.</summary>
    public static Scale Linear(double most, double start, double end) => new(0, most <= 0 ? 1 : most * 1.04, start, end);

    /// <summary>From the power of ten below the least to the one above the largest.</summary>
    public static Scale Log(double least, double most, double start, double end)
    {
        var (low, high) = (Math.Pow(10, Math.Floor(Math.Log10(least))), Math.Pow(10, Math.Ceiling(Math.Log10(most))));
        return new(low, high <= low ? low * 10 : high, start, end, IsLog: true);
    }

    public IEnumerable<double> Ticks(int wanted)
    {
        if (IsLog)
        {
            var every = Math.Max(1, (int)Math.Ceiling((Math.Log10(To) - Math.Log10(From)) / (wanted + 1)));
            for (var power = (int)Math.Round(Math.Log10(From)); power <= Math.Log10(To) + 0.001; power += every)
                yield return Math.Pow(10, power);
            yield break;
        }

        var rough = (To - From) / wanted;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = unit * (rough / unit) switch { <= 1.25 => 1, <= 2.5 => 2, <= 6 => 5, _ => 10 };
        for (var i = (int)Math.Ceiling(From / step); i * step <= To + (step / 1000); i++) yield return i * step;
    }
}
