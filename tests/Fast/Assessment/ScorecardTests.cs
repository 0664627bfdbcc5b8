using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Verdicts;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>Which figure of several a criterion takes.</summary>
public sealed class ScorecardTests
{
    [Fact]
    public void Revocation_is_without_the_feed_and_by_the_core_where_that_was_tried()
    {
        Assert.Equal("2 s", RevocationOf(
            ("feed=on end=core", 1), ("feed=off end=loss", 3), ("feed=off end=core", 2), ("feed=off end=client", 4)));
        Assert.Equal("3 s", RevocationOf(("feed=on end=core", 1), ("feed=off end=loss", 3)));
        Assert.Equal("not measured", RevocationOf(("feed=on end=core", 1)));
    }

    static string RevocationOf(params (string Setting, double Seconds)[] seen)
    {
        var result = ExampleResult.Make() with
        {
            Figures =
            [
                .. seen.Select(one => new Figure
                {
                    Experiment = FigureName.Lifetime, Subject = FigureName.ToCut, Solution = "A1", Setting = one.Setting,
                        Value = one.Seconds,
                    Outcome = "cut",
                }),
            ],
        };
        return Scorecard.Score(result).Scores.Single(score => score.Criterion == "revocation" && score.Solution == Way.A1.Solution).From;
    }
}
