using System.Xml.Linq;
using Portunus.Assessment.Report.Paper;
using static Portunus.Assessment.Report.Html.Markup;

namespace Portunus.Assessment.Report.Plots;

/// <summary>A row of a <see cref="TimePanel"/>.</summary>
/// <param name="Name">What stands before it.</param>
/// <param name="Series">Its colour and form.</param>
/// <param name="Seconds">Null when it did not happen while it was waited for, or was not looked at.</param>
/// <param name="Outcome">Stands there instead.</param>
/// <param name="WasTried">Whether it was looked at.</param>
sealed record TimeRow(string Name, int Series, double? Seconds, string Outcome, bool WasTried);

/// <summary>Times between a millisecond and an hour, on an axis by powers of ten; what did not happen is an arrow out of it.</summary>
static class TimePanel
{
    const double Width = 560, Left = 216, Right = 476, Top = 26, RowHeight = 22;

    public static XElement Draw(string title, IReadOnlyList<TimeRow> rows)
    {
        var bottom = Top + (rows.Count * RowHeight);
        var scale = new Scale(0.001, 3600, Left, Right, IsLog: true);
        return Panel.Frame(
            Width, bottom + 34, title, Describe(rows), Panel.AxisBelow(scale, Top, bottom, "seconds, by powers of ten", 7),
            rows.Select((row, index) => Row(row, Top + (index * RowHeight) + (RowHeight / 2), scale)));
    }

    static IEnumerable<XElement> Row(TimeRow row, double y, Scale scale)
    {
        yield return Panel.Text(Left - 8, y + 4, row.Name, "row end");
        if (row.Seconds is { } seconds)
        {
            yield return Panel.Line(Left, y, scale.At(seconds), y, $"stem line-{row.Series}");
            yield return Panel.Marker(row.Series, scale.At(seconds), y, $"line-{row.Series}");
            yield return Panel.Text(Width - 4, y + 4, $"{Words.Number(seconds)} s", "value end");
        }
        else if (row.WasTried)
        {
            yield return Panel.Line(Left, y, Right, y, $"stem never line-{row.Series}");
            yield return El("path", ("d", $"M{N(Right)},{N(y - 5)} l9,5 l-9,5 Z"), ("class", $"marker line-{row.Series}"));
            yield return Panel.Text(Right + 14, y + 4, "not seen", "instead");
        }
        else
        {
            yield return El("rect", ("x", Left), ("y", y - 8), ("width", Right - Left), ("height", 16), ("class", "void"));
            yield return Panel.Text((Left + Right) / 2, y + 4, Words.NotMeasured, "instead middle");
        }
    }

    static string Describe(IEnumerable<TimeRow> rows) => string.Join(". ", rows.Select(row =>
        $"{row.Name}: {(row.Seconds is { } seconds ? $"{Words.Number(seconds)} s" : row.Outcome)}"));
}
