using System.Xml.Linq;
using Portunus.Assessment.Report.Paper;
using static Portunus.Assessment.Report.Html.Markup;

namespace Portunus.Assessment.Report.Plots;

/// <summary>A pair of values of one thing, found in two ways.</summary>
/// <param name="Name">Of the thing.</param>
/// <param name="Series">Its colour.</param>
/// <param name="X">Found in the one way.</param>
/// <param name="Y">Found in the other.</param>
/// <param name="Holds">Whether they agree.</param>
sealed record Pair(string Name, int Series, double X, double Y, bool Holds);

/// <summary>Pairs by powers of ten; on the diagonal both values are the same. A pair that does not agree is a triangle.</summary>
static class ScatterPanel
{
    const double Width = 420, Left = 56, Right = 400, Top = 44, Bottom = 300;

    /// <summary>Forms of <see cref="Panel.Marker"/>.</summary>
    const int Dot = 0, Triangle = 2;

    public static XElement Draw(string title, string x, string y, IReadOnlyList<Pair> pairs)
    {
        var values = pairs.SelectMany(pair => new[] { pair.X, pair.Y }).Where(value => value > 0).DefaultIfEmpty(1).ToArray();
        var across = Scale.Log(values.Min(), values.Max(), Left, Right);
        var up = across with { Start = Bottom, End = Top };
        return Panel.Frame(
            Width, Bottom + 36, title, Describe(pairs), Panel.AxisLeft(up, Left, Right, y), Panel.AxisBelow(across, Top, Bottom, x),
            Panel.Line(Left, Bottom, Right, Top, "diagonal"),
            pairs.OrderByDescending(pair => pair.Holds).Where(pair => pair is { X: > 0, Y: > 0 }).Select(pair => Panel.Marker(
                pair.Holds ? Dot : Triangle, across.At(pair.X), up.At(pair.Y), $"line-{pair.Series}{(pair.Holds ? " faint" : "")}")));
    }

    static string Describe(IReadOnlyList<Pair> pairs) =>
        $"{pairs.Count(pair => pair.Holds)} of {pairs.Count} pairs agree. "
        + string.Join(". ", pairs.Where(pair => !pair.Holds).Select(pair =>
            $"{pair.Name}: {Words.Number(pair.X)} against {Words.Number(pair.Y)}"));
}
