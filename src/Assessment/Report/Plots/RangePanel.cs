using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;
using Portunus.Assessment.Report.Paper;
using static Portunus.Assessment.Report.Html.Markup;

namespace Portunus.Assessment.Report.Plots;

/// <summary>A row of a <see cref="RangePanel"/>.</summary>
/// <param name="Name">What stands before it.</param>
/// <param name="Series">Its colour.</param>
/// <param name="Samples">Each is a dot.</param>
/// <param name="Instead">What stands there when there are none: that it is impossible, failed or not measured.</param>
sealed record RangeRow(string Name, int Series, ImmutableArray<double> Samples, string Instead);

/// <summary>Samples of many things below each other: each sample a dot, the middle nine tenths a bar, the median a line with its
/// value.</summary>
static class RangePanel
{
    const double Width = 436, Left = 104, Right = 366, Top = 26, RowHeight = 22;

    public static XElement Draw(string title, string unit, IReadOnlyList<RangeRow> rows)
    {
        var bottom = Top + (rows.Count * RowHeight);
        var scale = Scale.Linear(
            rows.Where(row => row.Samples.Length > 0).Select(row => Share(row.Samples, 0.95)).DefaultIfEmpty(1).Max(), Left, Right);
        return Panel.Frame(
            Width, bottom + 34, title, Describe(rows, unit), Panel.AxisBelow(scale, Top, bottom, unit),
            rows.Select((row, index) => Row(row, Top + (index * RowHeight) + (RowHeight / 2), scale)));
    }

    /// <summary>By the nearest rank.</summary>
    public static double Share(ImmutableArray<double> samples, double share) =>
        samples.Sort()[Math.Max(0, (int)Math.Ceiling(share * samples.Length) - 1)];

    static IEnumerable<XElement> Row(RangeRow row, double y, Scale scale)
    {
        yield return Panel.Text(Left - 8, y + 4, row.Name, "row end");
        if (row.Samples.Length == 0)
        {
            yield return El("rect", ("x", Left), ("y", y - 8), ("width", Right - Left), ("height", 16), ("class", "void"));
            yield return Panel.Text((Left + Right) / 2, y + 4, row.Instead, "instead middle");
            yield break;
        }

        var (low, median, high) = (Share(row.Samples, 0.05), Share(row.Samples, 0.5), Share(row.Samples, 0.95));
        yield return El("path", ("class", $"dots line-{row.Series}"), ("d", Dots(row.Samples.Where(one => one <= scale.To), y, scale)));
        yield return Panel.Line(scale.At(low), y, scale.At(high), y, $"range line-{row.Series}");
        yield return Panel.Line(scale.At(median), y - 8, scale.At(median), y + 8, "median");
        yield return Panel.Text(Width - 2, y + 4, Words.Number(median), "value end");
        if (row.Samples.Count(one => one > scale.To) is > 0 and var beyond)
            yield return Panel.Text(Right + 2, y - 2, $"+{beyond}▸", "beyond");
    }

    /// <summary>A little above and below each other, always the same way, so that none hides the next.</summary>
    static string Dots(IEnumerable<double> samples, double y, Scale scale)
    {
        var path = new StringBuilder();
        foreach (var (index, sample) in samples.Index())
            path.Append($"M{N(scale.At(sample))},{N(y + (((index * 3 % 7) - 3) * 1.7))}h0");
        return path.ToString();
    }

    static string Describe(IEnumerable<RangeRow> rows, string unit) => string.Join(". ", rows.Select(row => row.Samples.Length == 0
        ? $"{row.Name}: {row.Instead}"
        : $"{row.Name}: median {Words.Number(Share(row.Samples, 0.5))} {unit}, 5 % below {Words.Number(Share(row.Samples, 0.05))}, "
            + $"5 % above {Words.Number(Share(row.Samples, 0.95))}"));
}
