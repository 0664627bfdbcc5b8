using System.Xml.Linq;
using Portunus.Assessment.Report.Paper;
using static Portunus.Assessment.Report.Html.Markup;

namespace Portunus.Assessment.Report.Plots;

/// <summary>A line of a <see cref="LinePanel"/>.</summary>
/// <param name="Name">What stands at its end.</param>
/// <param name="Series">Its colour and the form of its points.</param>
/// <param name="Points">At least one.</param>
/// <param name="IsFaint">Something beside the thing itself, such as a percentile.</param>
sealed record Course(string Name, int Series, IReadOnlyList<(double X, double Y)> Points, bool IsFaint = false);

/// <summary>How a panel of lines is drawn.</summary>
/// <param name="Title">Above it.</param>
/// <param name="X">What the axis below shows, with its unit.</param>
/// <param name="Y">What the axis at the left shows, with its unit.</param>
sealed record LineStyle(string Title, string X, string Y)
{
    public bool IsLogX { get; init; }

    public bool IsLogY { get; init; }

    /// <summary>The largest value of the axis at the left, when panels are to be compared.</summary>
    public double? MostY { get; init; }

    /// <summary>For the names at the ends of the lines.</summary>
    public double Margin { get; init; } = 130;
}

/// <summary>Lines over an axis, each named at its end; those that coincide have one name.</summary>
static class LinePanel
{
    const double Width = 420, Left = 50, Top = 44, Bottom = 200, LineHeight = 13;

    public static XElement Draw(LineStyle style, IReadOnlyList<Course> lines)
    {
        var right = Width - style.Margin;
        var points = lines.SelectMany(line => line.Points).ToArray();
        var x = Axis(points.Select(point => point.X), style.IsLogX, Left, right, null);
        var y = Axis(points.Select(point => point.Y), style.IsLogY, Bottom, Top, style.MostY);
        return Panel.Frame(
            Width, Bottom + 36, style.Title, Describe(lines), Panel.AxisLeft(y, Left, right, style.Y),
            Panel.AxisBelow(x, Bottom, Bottom, style.X), lines.Select(line => Line(line, x, y)), Names(lines, y, right));
    }

    static Scale Axis(IEnumerable<double> values, bool isLog, double start, double end, double? most)
    {
        var all = values.Where(value => !isLog || value > 0).DefaultIfEmpty(1).ToArray();
        return isLog ? Scale.Log(all.Min(), most ?? all.Max(), start, end) : Scale.Linear(most ?? all.Max(), start, end);
    }

    static IEnumerable<XElement> Line(Course line, Scale x, Scale y)
    {
        var path = string.Join(" ", line.Points.Select((point, index) =>
            $"{(index == 0 ? "M" : "L")}{N(x.At(point.X))},{N(y.At(point.Y))}"));
        yield return El("path", ("d", path), ("class", $"course line-{line.Series}{(line.IsFaint ? " faint" : "")}"));
        if (line.IsFaint) yield break;
        foreach (var point in line.Points) yield return Panel.Marker(line.Series, x.At(point.X), y.At(point.Y), $"line-{line.Series}");
    }

    /// <summary>From above to below, none over another.</summary>
    static IEnumerable<XElement> Names(IReadOnlyList<Course> lines, Scale y, double right)
    {
        var groups = lines.Where(line => line.Name.Length > 0)
            .GroupBy(line => string.Join(' ', line.Points.Select(point => $"{N(point.X)},{point.Y:R}")))
            .Select(group => (
                Names: group.Select(line => (line.Name, line.Series)).Distinct().ToArray(),
                At: y.At(group.First().Points[^1].Y)))
            .OrderBy(group => group.At).ToArray();
        var least = Top - 20;
        // So many that they would not fit below the first line's place begin higher.
        var room = Bottom + 20 - groups.Sum(group => group.Names.Length * LineHeight);
        foreach (var group in groups)
        {
            var at = Math.Max(least, Math.Min(group.At + 4 - ((group.Names.Length - 1) * LineHeight / 2), room));
            foreach (var (name, series) in group.Names)
            {
                yield return Panel.Marker(series, right + 9, at - 4, $"line-{series}");
                yield return Panel.Text(right + 17, at, name, "name");
                at += LineHeight;
            }

            room += group.Names.Length * LineHeight;
            least = at;
        }
    }

    static string Describe(IEnumerable<Course> lines) => string.Join(". ", lines.Select(line =>
        $"{line.Name}: {string.Join(", ", line.Points.Select(point => $"{Words.Number(point.Y)} at {Words.Number(point.X)}"))}"));
}
