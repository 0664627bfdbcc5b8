using System.Text;
using Portunus.Assessment.Report.Paper;

namespace Portunus.Assessment.Report.Markdown;

/// <summary>The report as text: the same pieces; a drawing is its caption, its numbers are in the table beside it.</summary>
static class MarkdownText
{
    public static string Write(Document document)
    {
        var text = new StringBuilder($"# {Escape(document.Title)}\n\n{Escape(document.Byline)}\n");
        foreach (var section in document.Sections)
        {
            text.Append($"\n## {Escape(section.Title)}\n");
            if (section.IsForPageOnly) text.Append("\nIn assessment.html and assessment.json, which are written beside this text.\n");
            else foreach (var block in section.Blocks) Write(text, block);
        }

        return text.Append($"\n{Escape(document.Footer)}\n").ToString();
    }

    static void Write(StringBuilder text, Block block)
    {
        switch (block)
        {
            case Paragraph paragraph: text.Append($"\n{Escape(paragraph.Text)}\n"); break;
            case Heading heading: text.Append($"\n### {Escape(heading.Text)}\n"); break;
            case Bullets bullets: Write(text, bullets.Items); break;
            case Warning warning:
                text.Append($"\n**{Escape(warning.Title)}**\n");
                Write(text, warning.Items);
                break;
            case Tiles tiles: Write(text, tiles.Items.Select(tile => $"{tile.Number} {tile.Text}")); break;
            case Table table: Write(text, table); break;
            case Drawing drawing: text.Append($"\n*Drawn in assessment.html: {Escape(drawing.Caption)}*\n"); break;
            case Fold fold:
                // Hundreds of rows: whoever looks for the sentence after them should not have to pass them by.
                text.Append($"\n<details>\n<summary>{Escape(fold.Summary)}</summary>\n");
                foreach (var inner in fold.Blocks) Write(text, inner);
                text.Append("\n</details>\n");
                break;
            case Weights weights: Write(text, ScoreTable.Of(weights.Result)); break;
            default: throw new ArgumentException($"{block.GetType()} has no form in Markdown.");
        }
    }

    static void Write(StringBuilder text, IEnumerable<string> items)
    {
        text.Append('\n');
        foreach (var item in items) text.Append($"- {Escape(item)}\n");
    }

    static void Write(StringBuilder text, Table table)
    {
        text.Append($"\n**{Escape(table.Caption)}**\n\n");
        text.Append($"| {string.Join(" | ", table.Columns.Select(Escape))} |\n");
        text.Append($"|{string.Concat(table.Columns.Select(_ => "---|"))}\n");
        foreach (var row in table.Rows) text.Append($"| {string.Join(" | ", row.Select(Of))} |\n");
    }

    static string Of(Cell cell)
    {
        var lines = string.Join("<br>", cell.Lines.Select(Escape));
        return cell.Mark.Length == 0 ? lines : $"{cell.Mark} {lines}";
    }

    /// <summary>What Markdown or the HTML inside of it would read as its own.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
            _ = c switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '|' or '*' or '_' or '`' or '[' or ']' or '\\' or '#' or '~' => escaped.Append('\\').Append(c),
                _ => escaped.Append(char.IsControl(c) ? ' ' : c),
            };
        return escaped.ToString();
    }
}
