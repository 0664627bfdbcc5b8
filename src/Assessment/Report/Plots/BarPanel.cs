using System.Xml.Linq;
using Portunus.Assessment.Report.Paper;
using static Portunus.Assessment.Report.Html.Markup;

namespace Portunus.Assessment.Report.Plots;

/// <summary>A bar of parts, which are named by the panel's legend.</summary>
sealed record Bar(string Name, IReadOnlyList<(string Part, double Value)> Parts, string Instead);

/// <summary>Bars made of parts, each part with its number where there is room for it.</summary>
static class BarPanel
{
    const double Width = 520, Left = 104, Right = 464, RowHeight = 24, Item = 112;

    /// <param name="title">Above it.</param>
    /// <param name="unit">Below the axis.</param>
    /// <param name="parts">In the order in which they are put together.</param>
    /// <param name="bars">Below each other.</param>
    public static XElement Draw(string title, string unit, IReadOnlyList<string> parts, IReadOnlyList<Bar> bars)
    {
        var used = parts.Index().Where(part => bars.Any(bar => bar.Parts.Any(one => one.Part == part.Item && one.Value > 0))).ToArray();
        var top = 30 + (Math.Ceiling(used.Length / 4.0) * 18);
        var bottom = top + (bars.Count * RowHeight);
        var scale = Scale.Linear(bars.Select(bar => bar.Parts.Sum(part => part.Value)).DefaultIfEmpty(1).Max(), Left, Right);
        return Panel.Frame(
            Width, bottom + 34, title, Describe(bars),
            used.Select((part, place) => Legend(part.Item, part.Index, place)),
            Panel.AxisBelow(scale, top, bottom, unit),
            bars.Select((bar, index) => Row(bar, parts, top + (index * RowHeight), scale)));
    }

    static IEnumerable<XElement> Legend(string part, int index, int place)
    {
        var (x, y) = (4 + (place % 4 * (Item + 14)), 24 + (place / 4 * 18));
        yield return El("rect", ("x", x), ("y", y), ("width", 14), ("height", 12), ("class", Class(index)), ("fill", Fill(index)));
        yield return Panel.Text(x + 19, y + 10, part, "name");
    }

    static IEnumerable<XElement> Row(Bar bar, IReadOnlyList<string> parts, double y, Scale scale)
    {
        yield return Panel.Text(Left - 8, y + 16, bar.Name, "row end");
        if (bar.Parts.Count == 0)
        {
            yield return El("rect", ("x", Left), ("y", y + 4), ("width", Right - Left), ("height", 16), ("class", "void"));
            yield return Panel.Text((Left + Right) / 2, y + 16, bar.Instead, "instead middle");
            yield break;
        }

        var sum = 0.0;
        foreach (var (index, part) in parts.Index())
        {
            var value = bar.Parts.Where(one => one.Part == part).Sum(one => one.Value);
            if (value <= 0) continue;
            var (from, to) = (scale.At(sum), scale.At(sum + value));
            yield return El(
                "rect", ("x", from), ("y", y + 3), ("width", Math.Max(0.5, to - from)), ("height", RowHeight - 6), ("class", Class(index)),
                ("fill", Fill(index)));
            var number = Words.Number(value);
            if (to - from > (number.Length * 7) + 6) yield return Panel.Text((from + to) / 2, y + 16, number, "inside middle");
            sum += value;
        }

        yield return Panel.Text(Width - 4, y + 16, Words.Number(sum), "value end");
    }

    static string Class(int index) => $"part of-{index % 6}";

    static string Fill(int index) => $"url(#fill-{index % Patterns.Count})";

    static string Describe(IEnumerable<Bar> bars) => string.Join(". ", bars.Select(bar => bar.Parts.Count == 0
        ? $"{bar.Name}: {bar.Instead}"
        : $"{bar.Name}: " + string.Join(
            ", ", bar.Parts.Where(part => part.Value > 0).Select(part => $"{part.Part} {Words.Number(part.Value)}"))));
}
