using System.Xml.Linq;
using Portunus.Assessment.Report.Paper;
using static Portunus.Assessment.Report.Html.Markup;

namespace Portunus.Assessment.Report.Html;

/// <summary>The pieces of the report as elements of a page.</summary>
static class HtmlBlocks
{
    public static XElement Of(Section section) => El(
        "section", ("id", section.Id), ("aria-labelledby", $"{section.Id}-title"),
        El("h2", ("id", $"{section.Id}-title"), section.Title), section.Blocks.Select(Of));

    static XElement Of(Block block) => block switch
    {
        Paragraph paragraph => El("p", paragraph.Text),
        Heading heading => El("h3", heading.Text),
        Bullets bullets => El("ul", bullets.Items.Select(item => El("li", item))),
        Warning warning => El(
            "div", ("class", "warning"), ("role", "note"), El("p", El("strong", warning.Title)),
            El("ul", warning.Items.Select(item => El("li", item)))),
        Tiles tiles => El("ul", ("class", "tiles"), tiles.Items.Select(Tile)),
        Table table => Of(table),
        Drawing drawing => El(
            "figure", El(
                "div", ("class", "panels"), ("style", $"--panel:{drawing.Width}px"),
                drawing.Panels.Select(panel => El("div", ("class", "panel"), panel))),
            El("figcaption", drawing.Caption)),
        Fold fold => El("details", El("summary", fold.Summary), fold.Blocks.Select(Of)),
        Weights weights => WeightsBlock.Of(weights.Result),
        _ => throw new ArgumentException($"{block.GetType()} has no form on a page."),
    };

    static XElement Tile((string Number, string Text, Tone Tone) tile) => El(
        "li", ("class", ClassOf(tile.Tone)), El("span", ("class", "number"), tile.Number),
        El("span", ("class", "what"), Mark(tile.Tone), tile.Text));

    static XElement Of(Table table) => El(
        "div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", table.Caption), El(
            "table", El("caption", table.Caption),
            El("thead", El("tr", table.Columns.Select(column => El("th", ("scope", "col"), column)))),
            El("tbody", table.Rows.Select(row => El("tr", row.Select(Of))))));

    static XElement Of(Cell cell, int column) => El(
        column == 0 ? "th" : "td", column == 0 ? ("scope", "row") : null, ("class", ClassOf(cell)), Lines(cell));

    static object Lines(Cell cell) => cell.Lines.Count == 1
        ? new object?[] { Mark(cell.Tone), cell.Lines[0] }
        : cell.Lines.Select((line, index) => El("div", index == 0 ? Mark(cell.Tone) : null, line));

    static string? ClassOf(Cell cell) => cell is { Tone: Tone.Plain, Lines: [{ Length: > 0 } text] } && char.IsAsciiDigit(text[0])
        && text.Length < 14 ? "figure" : ClassOf(cell.Tone);

    static string? ClassOf(Tone tone) => tone == Tone.Plain ? null : tone.ToString().ToLowerInvariant();

    static XElement? Mark(Tone tone) => tone == Tone.Plain
        ? null
        : El("span", ("class", "mark"), ("aria-hidden", "true"), $"{Cell.MarkOf(tone)} ");
}
