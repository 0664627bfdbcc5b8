using System.Xml.Linq;
using Portunus.Assessment.Report.Paper;
using static Portunus.Assessment.Report.Html.Markup;

namespace Portunus.Assessment.Report.Html;

/// <summary>The report as one file that asks for nothing from anywhere.</summary>
static class HtmlPage
{
    public static string Write(Document document) => HtmlText.Write(El(
        "html", ("lang", "en"),
        El("head",
            El("meta", ("charset", "utf-8")),
            El("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1")),
            El("meta", ("name", "color-scheme"), ("content", "light dark")),
            El("title", document.Title),
            El("style", new XCData(Asset("report.css")))),
        El("body",
            El("a", ("class", "skip"), ("href", "#abstract"), "To the abstract"),
            Plots.Patterns.Definitions(),
            El("header", El("h1", document.Title), El("p", ("class", "byline"), document.Byline)),
            El("nav", ("aria-label", "Contents"), El("ol", document.Sections.Select(section =>
                El("li", El("a", ("href", $"#{section.Id}"), section.Title))))),
            El("main", document.Sections.Select(HtmlBlocks.Of)),
            El("footer", El("p", document.Footer)),
            El("script", new XCData(Asset("report.js"))))));

    static string Asset(string name)
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream($"report/{name}")
            ?? throw new InvalidOperationException($"The assembly has no resource report/{name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
