using Portunus.Assessment.Report.Plots;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>Axes put values where they belong.</summary>
public sealed class AxisTests
{
    [Fact]
    public void A_linear_axis_begins_at_zero_and_ends_beyond_the_largest()
    {
        var scale = Scale.Linear(100, 10, 114);
        Assert.Equal((10, 60, 110), (scale.At(0), scale.At(50), scale.At(100)), Near);
        Assert.Equal([0, 20, 40, 60, 80, 100], scale.Ticks(5));
    }

    [Fact]
    public void A_logarithmic_axis_has_powers_of_ten_at_equal_steps()
    {
        var scale = Scale.Log(3, 900, 0, 300);
        Assert.Equal((0, 100, 300), (scale.At(1), scale.At(10), scale.At(1000)), Near);
        Assert.Equal([1, 10, 100, 1000], scale.Ticks(5).Select(tick => Math.Round(tick)));
    }

    [Fact]
    public void What_is_beyond_an_axis_stands_at_its_end() => Assert.Equal(114, Scale.Linear(100, 10, 114).At(1e9));

    [Fact]
    public void Percentiles_are_by_the_nearest_rank() => Assert.Equal(
        (1, 10, 19), (
            RangePanel.Share([.. Enumerable.Range(1, 20).Select(i => (double)i)], 0.05),
            RangePanel.Share([.. Enumerable.Range(1, 20).Select(i => (double)i)], 0.5),
            RangePanel.Share([.. Enumerable.Range(1, 20).Select(i => (double)i)], 0.95)));

    static bool Near((double A, double B, double C) one, (double A, double B, double C) other) =>
        Math.Abs(one.A - other.A) < 1e-6 && Math.Abs(one.B - other.B) < 1e-6 && Math.Abs(one.C - other.C) < 1e-6;
}
