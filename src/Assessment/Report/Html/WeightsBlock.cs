using System.Xml.Linq;
using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Verdicts;
using static Portunus.Assessment.Report.Html.Markup;

namespace Portunus.Assessment.Report.Html;

/// <summary>
/// The scorecard of a page: a slider for each criterion, and the solutions in the order of their means. What stands here is right for
/// the weights of the run; the script of the page (assets/report.js) does the same sum again when a slider moves.
/// </summary>
static class WeightsBlock
{
    public static XElement Of(AssessmentResult result)
    {
        var ranking = Ranking.Of(result);
        return El(
            "div", ("class", "weights"), ("data-weights", ""),
            El("fieldset", El("legend", "Weights"), result.Criteria.Select(Slider),
                El("button", ("type", "button"), ("data-reset", ""), ("hidden", "hidden"), "Back to the weights of the run")),
            El("p", ("class", "sentence"), ("role", "status"), ("data-sentence", ""), Ranking.Sentence(ranking)),
            El("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Scores"), El(
                "table", ("class", "scores"),
                El("caption", "Scores: 1 is the best of all solutions in a criterion, 0 the worst; the mean is of 100."),
                El("thead", El("tr",
                    El("th", ("scope", "col"), "solution"), El("th", ("scope", "col"), "weighted mean"),
                    result.Criteria.Select(criterion => El("th", ("scope", "col"), criterion.Name)))),
                El("tbody", ranking.Select(one => Row(result, one))))));
    }

    static XElement Slider(Criterion criterion, int index) => El(
        "div", ("class", "slider"),
        El("label", ("for", $"weight-{index}"), El("strong", criterion.Name), $" {criterion.Asks}"),
        El("input", ("type", "range"), ("id", $"weight-{index}"), ("min", "0"), ("max", "10"), ("step", "1"),
            ("value", $"{criterion.Weight}"), ("data-criterion", criterion.Name), ("disabled", "disabled")),
        El("output", ("for", $"weight-{index}"), $"{criterion.Weight}"));

    static XElement Row(AssessmentResult result, Ranked one) => El(
        "tr", ("data-solution", one.Way.ToString()), one.Way == Way.S0 ? ("data-aside", "") : null,
        El("th", ("scope", "row"), one.Way == Way.S0 ? $"{one.Way} (baseline, set aside)" : one.Way.ToString()),
        El("td", ("data-mean", ""), El("span", ("class", "bar"), ("style", $"--share:{N(one.Mean ?? 0)}")),
            El("span", ("data-number", ""), one.Mean is { } mean ? Ranking.Points(mean) : "not known"),
            El("div", ("class", "from"), $"{one.Known} of {result.Criteria.Length} criteria known")),
        result.Criteria.Select(criterion => Score(result, one.Way, criterion)));

    static XElement Score(AssessmentResult result, Way way, Criterion criterion)
    {
        var score = result.Scores.FirstOrDefault(one =>
            one.Solution == way.Solution && one.Variant == way.Variant && one.Criterion == criterion.Name);
        return El(
            "td", ("data-criterion", criterion.Name),
            ("data-score", score?.Value?.ToString("R", System.Globalization.CultureInfo.InvariantCulture)),
            ("class", score?.Value is null ? "missing" : null),
            El("div", ("class", "score"), score?.Value is { } value ? Words.Number(value) : "–"),
            El("div", ("class", "from"), score?.From ?? Words.NotMeasured));
    }
}
