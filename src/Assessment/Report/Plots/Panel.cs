using System.Xml.Linq;
using Portunus.Assessment.Report.Paper;
using static Portunus.Assessment.Report.Html.Markup;

namespace Portunus.Assessment.Report.Plots;

/// <summary>What all drawings have: a frame that says what it shows, and axes.</summary>
static class Panel
{
    public static XElement Frame(double width, double height, string title, string description, params object?[] content) => El(
        "svg", ("viewBox", $"0 0 {N(width)} {N(height)}"), ("role", "img"), El("title", title), El("desc", description),
        El("text", ("x", 4), ("y", 14), ("class", "title"), title), content);

    /// <summary>An axis below the drawing, with lines up to its top.</summary>
    public static IEnumerable<XElement> AxisBelow(Scale scale, double top, double bottom, string label, int ticks = 5)
    {
        foreach (var tick in scale.Ticks(ticks))
        {
            var x = scale.At(tick);
            yield return Line(x, top, x, bottom, "grid");
            yield return Text(x, bottom + 13, Words.Number(tick), "tick middle");
        }

        yield return Line(scale.Start, bottom, scale.End, bottom, "axis");
        yield return Text((scale.Start + scale.End) / 2, bottom + 28, label, "axis-label middle");
    }

    /// <summary>An axis left of the drawing, with lines to its right edge.</summary>
    public static IEnumerable<XElement> AxisLeft(Scale scale, double left, double right, string label)
    {
        foreach (var tick in scale.Ticks(4))
        {
            var y = scale.At(tick);
            yield return Line(left, y, right, y, "grid");
            yield return Text(left - 5, y + 4, Words.Number(tick), "tick end");
        }

        yield return Line(left, scale.Start, left, scale.End, "axis");
        yield return Text(left - 40, scale.End - 8, label, "axis-label");
    }

    public static XElement Line(double x1, double y1, double x2, double y2, string style) =>
        El("line", ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2), ("class", style));

    public static XElement Text(double x, double y, string text, string style) => El("text", ("x", x), ("y", y), ("class", style), text);

    /// <summary>Told apart by form as well as by colour.</summary>
    public static XElement Marker(int form, double x, double y, string style) =>
        El("path", ("class", $"marker {style}"), ("d", (form % 5) switch
        {
            0 => $"M{N(x - 4)},{N(y)} a4,4 0 1,0 8,0 a4,4 0 1,0 -8,0 Z",
            1 => $"M{N(x - 4)},{N(y - 4)} h8 v8 h-8 Z",
            2 => $"M{N(x)},{N(y - 5)} l5,9 h-10 Z",
            3 => $"M{N(x)},{N(y - 5)} l5,5 l-5,5 l-5,-5 Z",
            _ => $"M{N(x)},{N(y + 5)} l5,-9 h-10 Z",
        }));
}
