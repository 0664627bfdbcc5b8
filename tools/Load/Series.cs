using System.Globalization;

namespace Portunus.Load;

/// <summary>One figure over rounds: its median and its spread.</summary>
sealed class Series
{
    readonly List<double> _values = [];

    public void Add(double value) => _values.Add(value);

    /// <summary>The median, and between which values the middle half of the rounds lies.</summary>
    /// <param name="format">Of each number.</param>
    public string Write(string format)
    {
        var inOrder = _values.Order().ToArray();
        return $"{Quantile(0.5)} ({Quantile(0.25)} to {Quantile(0.75)})";

        string Quantile(double share)
        {
            var at = share * (inOrder.Length - 1);
            var (below, above) = (inOrder[(int)Math.Floor(at)], inOrder[(int)Math.Ceiling(at)]);
            return (below + ((above - below) * (at - Math.Floor(at)))).ToString(format, CultureInfo.InvariantCulture);
        }
    }
}
