using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report.Paper;

/// <summary>The scorecard at the weights of the run, where nobody can move a slider.</summary>
static class ScoreTable
{
    public static Table Of(AssessmentResult result) => new(
        "Scores: 1 is the best of all solutions in a criterion, 0 the worst. The mean is of 100, at the weights in brackets.",
        ["solution", "weighted mean", .. result.Criteria.Select(criterion => $"{criterion.Name} ({criterion.Weight})")],
        [
            .. Ranking.Of(result).Select(one => (IReadOnlyList<Cell>)
            [
                one.Way.ToString(),
                one.Mean is { } mean
                    ? new Cell([Ranking.Points(mean), $"({one.Known} of {result.Criteria.Length} criteria known)"])
                    : new Cell("not known", Tone.Missing),
                .. result.Criteria.Select(criterion => Of(result, one, criterion)),
            ]),
        ]);

    static Cell Of(AssessmentResult result, Ranked one, Criterion criterion)
    {
        var score = result.Scores.FirstOrDefault(score =>
            score.Solution == one.Way.Solution && score.Variant == one.Way.Variant && score.Criterion == criterion.Name);
        return score?.Value is { } value
            ? new([Words.Number(value), $"({score.From})"])
            : new(Words.NotMeasured, Tone.Missing);
    }
}
