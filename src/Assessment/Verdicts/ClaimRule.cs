using Portunus.Assessment.Results;

namespace Portunus.Assessment.Verdicts;

/// <summary>How a claim of the study is decided.</summary>
/// <param name="Id">As in docs/study.md.</param>
/// <param name="Text">The claim.</param>
/// <param name="Rule">When it is confirmed, when refuted, when it depends; to be read by people.</param>
/// <param name="Judge">The same for the machine.</param>
sealed record ClaimRule(string Id, string Text, string Rule, Func<Evidence, Verdict> Judge)
{
    public Claim Decide(Evidence evidence)
    {
        var verdict = Judge(evidence);
        return new(Id, Text, verdict.Word, verdict.Evidence, Rule);
    }
}
