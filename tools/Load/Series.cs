using System.Globalization;

namespace Portunus.Load;

/// <summary>One figure over rounds: its median and its spread.</summary>
sealed class Series
{
    readonly List<double> _values = [];

    public double Median
    {
        get
        {
            var inOrder = _values.Order().ToArray();
            return (inOrder[(inOrder.Length - 1) / 2] + inOrder[inOrder.Length / 2]) / 2;
        }
    }

    public void Add(double value) => _values.Add(value);

    /// <summary>Median, least and most.</summary>
    /// <param name="format">Of each number.</param>
    public string Write(string format)
    {
        var parts = new[] { Median, _values.Min(), _values.Max() }
            .Select(value => value.ToString(format, CultureInfo.InvariantCulture)).ToArray();
        return $"{parts[0]} ({parts[1]} to {parts[2]})";
    }
}
