using System.Text.RegularExpressions;
using Portunus.Assessment.Report.Markdown;
using Portunus.Assessment.Report.Sections;
using Portunus.Assessment.Results;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>The report as Markdown.</summary>
public sealed partial class ReportTextTests
{
    [Fact]
    public void Every_row_of_a_table_has_as_many_cells_as_its_head() => EqualColumns(Write(RichResult.Make()));

    [Fact]
    public void What_comes_from_outside_is_neither_markup_nor_a_cell()
    {
        const string Attack = "<script>alert(1)</script> | `x` [a](http://b) *c*\n# d";
        var result = RichResult.Make();
        var text = Write(result with
        {
            Machine = new(Attack, 2, Attack, Attack, Attack),
            Cells = [.. result.Cells.Select(cell => cell with { Reason = Attack })],
            Figures = [.. result.Figures.Select(figure => figure with { Outcome = Attack })],
            Missing = [Attack],
        });
        EqualColumns(text);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("[a](", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n# d", text, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; \\| \\`x\\`", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_claim_stands_there_with_its_verdict()
    {
        var text = Write(RichResult.Make());
        foreach (var claim in RichResult.Make().Claims)
            Assert.Matches($@"(?m)^\| {claim.Id} \| .* \| [✓✗◐?] {Regex.Escape(MarkdownText.Escape(claim.Verdict))} \|", text);
    }

    [Fact]
    public void It_has_the_sections_of_the_page()
    {
        var result = RichResult.Make();
        var text = Write(result);
        Assert.All(ReportDocument.Of(result).Sections,
            section => Assert.Contains($"\n## {section.Title}\n", text, StringComparison.Ordinal));
        Assert.StartsWith("# TURN credentials", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_that_cannot_be_is_shown_with_its_reason() =>
        Assert.Contains("| impossible | The system says why. |", Write(RichResult.Make()), StringComparison.Ordinal);

    static void EqualColumns(string text)
    {
        var columns = 0;
        var tables = 0;
        foreach (var line in text.Split('\n'))
        {
            if (!line.StartsWith('|'))
            {
                columns = 0;
                continue;
            }

            var count = Bar().Count(line);
            if (columns == 0) (columns, tables) = (count, tables + 1);
            Assert.True(count == columns, line);
        }

        Assert.True(tables > 20);
    }

    static string Write(AssessmentResult result) => MarkdownText.Write(ReportDocument.Of(result));

    /// <summary>A bar that ends a cell: none that is escaped.</summary>
    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();
}
