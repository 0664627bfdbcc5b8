using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Verdicts;

// P13 and P14: what is to be preferred.
public static partial class Claims
{
    static readonly Way[] OfTheEdge = [Way.A1, .. Approach2, Way.Combined];

    static ClaimRule P13 => new(
        "P13", "So: the eP-CSCF's solutions first, or both families together.",
        "Looks, the baseline S0 aside, at the solution with the highest mean of the scorecard, at its own weights and at each "
        + "criterion alone. Confirmed when it is one of the eP-CSCF's each time; refuted when it is none of them at the "
        + "scorecard's weights; else it depends on the weights.",
        evidence =>
        {
            var result = evidence.Result;
            if (Best(result, criterion => criterion.Weight) is not { } first) return Verdict.Open("Nothing was scored.");
            var others = result.Criteria
                .Where(criterion => !HasBest(result, criterion))
                .Select(criterion => criterion.Name).ToArray();
            string[] said =
            [
                $"{first.Way} has the highest mean, {Text(first.Mean * 100)} of 100.",
                others.Length == 0
                    ? "In no criterion is every solution of the eP-CSCF behind another."
                    : $"Behind another solution in: {string.Join(", ", others)}.",
            ];
            if (!OfTheEdge.Contains(first.Way)) return Verdict.Refuted(said);
            return others.Length == 0 ? Verdict.Confirmed(said) : Verdict.Depends("the weights", said);
        });

    static ClaimRule P14 => new(
        "P14", "Approach 2 is simple.",
        "Compared with Approach 1 by states, failure cases and lines of code that each has for itself. Refuted when Approach 2 "
        + "has more of each in all variants; confirmed when no variant has more of any; else it depends on the variant and the "
        + "measure.",
        evidence =>
        {
            string[] measures = [FigureName.States, FigureName.FailureCases, FigureName.CodeLines];
            var rows = measures.Select(measure => (
                Measure: measure,
                One: evidence.Figure(FigureName.Complexity, measure, Way.A1)?.Value,
                Two: Approach2.Select(way => (Way: way, evidence.Figure(FigureName.Complexity, measure, way)?.Value)).ToArray())).ToArray();
            if (rows.Any(row => row.One is null || row.Two.Any(one => one.Value is null)))
                return Verdict.Open("States, failure cases or lines of an approach were not counted.");
            var said = rows.Select(row => $"{row.Measure}: Approach 1 {Text(row.One)}, "
                + string.Join(", ", row.Two.Select(one => $"{one.Way} {Text(one.Value)}")) + ".").ToArray();
            if (rows.All(row => row.Two.All(one => one.Value > row.One))) return Verdict.Refuted(said);
            return rows.All(row => row.Two.All(one => one.Value <= row.One))
                ? Verdict.Confirmed(said)
                : Verdict.Depends("the variant and the measure", said);
        });

    static (Way Way, double Mean)? Best(AssessmentResult result, Func<Criterion, double> weightOf)
    {
        (Way Way, double Mean)? best = null;
        foreach (var way in Way.All.Where(way => way != Way.S0))
            if (Scorecard.Mean(result, way, weightOf) is { } mean && !(best?.Mean >= mean)) best = (way, mean);
        return best;
    }

    /// <summary>Whether one of the eP-CSCF's solutions is as good as any other.</summary>
    static bool HasBest(AssessmentResult result, Criterion criterion)
    {
        var scores = result.Scores.Where(score =>
            score.Criterion == criterion.Name && score.Solution != Way.S0.Solution && score.Value is not null).ToArray();
        return scores.Length == 0
            || scores.Where(score => score.Value == scores.Max(one => one.Value))
                .Any(score => OfTheEdge.Contains(new(score.Solution, score.Variant)));
    }
}
