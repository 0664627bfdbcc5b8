using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report.Sections;

/// <summary>The claims with their verdicts.</summary>
static class ClaimsSection
{
    public static Section Of(AssessmentResult result) => new("claims", "The claims, and what the figures say of them",
    [
        new Paragraph("A verdict is made by a rule from figures of this run, and by nothing else; another figure would make another "
            + "verdict. P1 to P13 are the contribution's, P14 is ours."),
        new Table("Verdicts", ["claim", "text", "verdict", "evidence", "rule"],
        [
            .. result.Claims.Select(claim => (IReadOnlyList<Cell>)
            [
                claim.Id, claim.Text, new(claim.Verdict, Data.ToneOf(claim.Verdict)), new([.. claim.Evidence]), claim.Rule,
            ]),
        ]),
    ]);
}
