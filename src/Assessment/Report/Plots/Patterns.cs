using System.Xml.Linq;
using static Portunus.Assessment.Report.Html.Markup;

namespace Portunus.Assessment.Report.Plots;

/// <summary>Fills of bars, told apart by lines and dots as well as by colour.</summary>
static class Patterns
{
    /// <summary>How many there are.</summary>
    public const int Count = 12;

    public static XElement Definitions() => El(
        "svg", ("class", "definitions"), ("width", 0), ("height", 0), ("aria-hidden", "true"), ("focusable", "false"),
        El("defs", Enumerable.Range(0, Count).Select(index => El(
            "pattern", ("id", $"fill-{index}"), ("width", 8), ("height", 8), ("patternUnits", "userSpaceOnUse"),
            El("rect", ("width", 8), ("height", 8), ("class", $"series-{index % 6}")),
            (index / 2) switch
            {
                0 or 1 => index % 2 == 0 ? null : Lines("M0,8 L8,0"),
                2 or 3 => index % 2 == 0 ? Lines("M0,0 L8,8") : Lines("M0,4 L8,4"),
                4 => index % 2 == 0 ? Lines("M4,0 L4,8") : Lines("M0,4 L8,4 M4,0 L4,8"),
                _ => Lines("M0,0 L8,8 M0,8 L8,0"),
            }))));

    static XElement Lines(string path) => El("path", ("d", path), ("class", "pattern-line"));
}
