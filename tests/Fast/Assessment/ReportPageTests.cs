using System.Text.RegularExpressions;
using System.Xml.Linq;
using Portunus.Assessment.Report.Html;
using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Report.Sections;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Verdicts;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>The page: one file, well-formed, whole, for everybody.</summary>
public sealed class ReportPageTests
{
    const string Attack = "<script>alert('x')</script> | \"&' \u0001";

    static readonly string Text = Write(RichResult.Make());
    static readonly XElement Page = XDocument.Parse(Text).Root!;

    [Fact]
    public void It_asks_for_nothing_from_anywhere()
    {
        Assert.DoesNotContain(Page.Descendants().Attributes(), one => one.Name == "src" || one.Name == "srcset");
        Assert.Empty(Page.Descendants("link"));
        Assert.All(Page.Descendants().Attributes("href"), href => Assert.StartsWith("#", href.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("@import", Text, StringComparison.Ordinal);
        Assert.All(Regex.Matches(Text, @"url\(([^)]*)\)"), url => Assert.StartsWith("#", url.Groups[1].Value, StringComparison.Ordinal));
        Assert.DoesNotMatch(@"\b(fetch|XMLHttpRequest|WebSocket|import)\s*\(", Text);
    }

    [Fact]
    public void Every_link_leads_to_a_part_of_it_and_no_name_is_given_twice()
    {
        var ids = Page.Descendants().Attributes("id").Select(id => id.Value).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(Page.Descendants().Attributes("href"), href => Assert.Contains(href.Value[1..], ids));
        Assert.All(Page.Descendants().Attributes("for"), one => Assert.Contains(one.Value, ids));
    }

    [Fact]
    public void What_comes_from_outside_is_never_markup()
    {
        var result = RichResult.Make();
        var hostile = result with
        {
            Machine = new(Attack, 2, Attack, Attack, Attack),
            Cells = [..
                result.Cells.Select(cell => cell with {
                Reason = Attack, Solution = cell.Status == CellStatus.Impossible ? Attack : cell.Solution })],
            Figures = [.. result.Figures.Select(figure => figure with { Outcome = Attack, Setting = $"{figure.Setting} {Attack}" })],
            Architecture = [.. result.Architecture.Select(one => one with { Functions = [Attack], NewOnTheWire = [Attack] })],
            Claims = [.. result.Claims.Select(claim => claim with { Evidence = [Attack] })],
            Missing = [Attack],
        };
        var text = Write(hostile);
        var page = XDocument.Parse(text).Root!;
        Assert.Single(page.Descendants("script"));
        Assert.DoesNotContain("alert(", page.Descendants("script").Single().Value, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert('x')", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u0001', text);
    }

    [Fact]
    public void Every_claim_stands_there_with_its_verdict_its_evidence_and_its_rule()
    {
        var rows = Section("claims").Descendants("tbody").Elements("tr").ToDictionary(row => row.Element("th")!.Value, row => row.Value);
        foreach (var claim in RichResult.Make().Claims)
        {
            Assert.Contains(claim.Verdict, rows[claim.Id], StringComparison.Ordinal);
            Assert.Contains(claim.Rule, rows[claim.Id], StringComparison.Ordinal);
            Assert.All(claim.Evidence, one => Assert.Contains(one, rows[claim.Id], StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_cell_and_every_sample_over_sockets_stands_there()
    {
        var raw = Section("raw").Descendants("tbody").ToArray();
        var result = RichResult.Make();
        Assert.Contains(raw, table => table.Elements("tr").Count() == result.Cells.Length);
        var cell = result.Cells.First(one => one.Status == CellStatus.Measured);
        var samples = string.Join(' ', cell.Metrics[MetricName.Media].Samples.Select(Words.Number));
        Assert.Contains(samples, Section("raw").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_that_cannot_be_is_shown_with_its_reason()
    {
        Assert.Contains("impossible: the system refuses", Section("times").Descendants("text").Select(text => text.Value));
        Assert.Contains("The system says why.", Section("times").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_or_failed_comes_right_after_the_abstract()
    {
        var result = RichResult.Make() with { Missing = ["the clocks: not begun, the run was interrupted."] };
        var page = XDocument.Parse(Write(result.With(
            cell => cell is { Solution: "A1", Scenario: RegistrationScenario.S1, Status: CellStatus.Measured },
            cell => cell with { Status = CellStatus.Failed, Reason = "it broke" }))).Root!;
        var second = page.Descendants("section").Skip(1).First();
        Assert.Equal("missing", second.Attribute("id")!.Value);
        Assert.Contains("the clocks: not begun", second.Value, StringComparison.Ordinal);
        Assert.Contains("Failed: A1 in S1", second.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_looked_at_is_listed_and_so_is_each_claim_that_is_open()
    {
        var result = RichResult.Make();
        var less = result with { Figures = [.. result.Figures.Where(figure => figure.Experiment != FigureName.Complexity)],
            Agreements = [] };
        var missing = XDocument.Parse(Write(less with { Claims = Claims.Judge(less) })).Root!.Descendants("section").Skip(1).First();
        var items = missing.Descendants("li").Select(item => item.Value).ToArray();
        Assert.Contains("complexity", items);
        Assert.Contains("the agreement of sockets and virtual time", items);
        Assert.Contains(items, item => item.StartsWith("P14 Approach 2 is simple.", StringComparison.Ordinal));
        Assert.DoesNotContain("many users", items);
    }

    [Fact]
    public void An_empty_run_says_in_each_part_that_there_is_nothing()
    {
        var empty = ExampleResult.Make() with { Cells = [], Figures = [], Architecture = [], Missing = ["everything"] };
        var page = XDocument.Parse(Write(empty)).Root!;
        foreach (var part in new[] { "times", "virtual", "agreement", "architecture", "management", "scale" })
            Assert.Contains(page.Descendants("section").Single(one => one.Attribute("id")!.Value == part).Descendants("div"),
                one => one.Attribute("class")?.Value == "warning");
        Assert.Contains("not measured", page.Descendants("section").Single(one => one.Attribute("id")!.Value == "contribution").Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_who_cannot_see_it_is_told_everything()
    {
        Assert.All(Page.Descendants("svg").Where(svg => svg.Attribute("role") is not null), svg =>
        {
            Assert.NotEmpty(svg.Element("title")!.Value);
            Assert.NotEmpty(svg.Element("desc")!.Value);
        });
        Assert.All(Page.Descendants("table"), table => Assert.NotEmpty(table.Element("caption")!.Value));
        Assert.All(Page.Descendants("th"), head => Assert.Contains(head.Attribute("scope")!.Value, new[] { "col", "row" }));
        Assert.All(Page.Descendants("input"), input =>
            Assert.Single(Page.Descendants("label"), label => label.Attribute("for")!.Value == input.Attribute("id")!.Value));
        foreach (var landmark in new[] { "header", "nav", "main", "footer" }) Assert.Single(Page.Descendants(landmark));
        Assert.Single(Page.Descendants("h1"));
    }

    [Fact]
    public void No_tone_is_told_by_colour_alone() => Assert.All(
        Page.Descendants().Where(one => one.Attribute("class")?.Value is "good" or "bad" or "depends"),
        one => Assert.Contains(one.Descendants("span"), span => span.Attribute("class")?.Value == "mark" && span.Value.Trim().Length == 1));

    [Fact]
    public void The_ranking_is_that_of_the_scorecard_without_any_script()
    {
        var result = RichResult.Make();
        var rows = Section("recommendation").Descendants("tbody").Elements("tr")
            .Select(row => row.Attribute("data-solution")!.Value).ToArray();
        Assert.Equal(Ranking.Of(result).Select(one => one.Way.ToString()), rows);
        Assert.Contains(Ranking.Sentence(Ranking.Of(result)), Section("recommendation").Value, StringComparison.Ordinal);
        Assert.Equal(result.Criteria.Length, Section("recommendation").Descendants("input").Count());
    }

    static XElement Section(string id) => Page.Descendants("section").Single(one => one.Attribute("id")!.Value == id);

    static string Write(AssessmentResult result) => HtmlPage.Write(ReportDocument.Of(result));
}
