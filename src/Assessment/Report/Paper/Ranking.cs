using System.Globalization;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Verdicts;

namespace Portunus.Assessment.Report.Paper;

/// <summary>A solution with the mean of its scores.</summary>
/// <param name="Way">The solution.</param>
/// <param name="Mean">0 to 1; null when nothing of it is known.</param>
/// <param name="Known">Criteria in which it has a score.</param>
sealed record Ranked(Way Way, double? Mean, int Known);

/// <summary>The solutions in the order that weights give them.</summary>
static class Ranking
{
    /// <summary>At the weights of the run, the best first; equal ones in the order of the study.</summary>
    public static IReadOnlyList<Ranked> Of(AssessmentResult result) =>
    [
        .. Way.All.Select(way => new Ranked(
                way, Scorecard.Mean(result, way, criterion => criterion.Weight),
                result.Scores.Count(score => score.Solution == way.Solution && score.Variant == way.Variant && score.Value is not null)))
            .OrderByDescending(one => one.Mean ?? -1),
    ];

    /// <summary>The script of the page makes the same sentence.</summary>
    public static string Sentence(IReadOnlyList<Ranked> ranking)
    {
        var known = ranking.Where(one => one.Mean is not null && one.Way != Way.S0).ToArray();
        if (known.Length == 0) return "Nothing was scored: there is no recommendation.";
        var best = known.Where(one => Points(one.Mean!.Value) == Points(known[0].Mean!.Value)).ToArray();
        var next = known.Skip(best.Length).Take(2).Select(one => $"{one.Way} ({Points(one.Mean!.Value)})").ToArray();
        return $"With these weights {Words.List(best.Select(one => one.Way.ToString()))} "
            + $"{(best.Length == 1 ? "comes" : "come")} first with {Points(known[0].Mean!.Value)} of 100"
            + $"{(next.Length == 0 ? "" : $", before {Words.List(next)}")}.";
    }

    /// <summary>Of 100, without decimals; halves go up, as in the script.</summary>
    public static string Points(double mean) => Math.Floor((mean * 100) + 0.5).ToString(CultureInfo.InvariantCulture);
}
