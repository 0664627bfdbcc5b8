using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report.Sections;

/// <summary>What follows from weights that the reader may change.</summary>
static class RecommendationSection
{
    public static Section Of(AssessmentResult result) => new("recommendation", "Recommendation, by weights of your own",
    [
        new Paragraph("In each criterion the best figure of all solutions scores 1 and the worst 0, by the logarithm between; the mean "
            + "is weighted. What was not measured counts neither for nor against a solution, so compare only where the same is known of "
            + "both. S0 is the baseline and set aside in the sentence."),
        new Weights(result),
    ]);
}
