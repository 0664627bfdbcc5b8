using System.Collections.Immutable;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Verdicts;

/// <summary>The claims of the study with their rules, in its order.</summary>
public static partial class Claims
{
    static readonly ClaimRule[] Rules =
    [
        P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, P12, P13, P14,
    ];

    /// <summary>Decides every claim by what a run found.</summary>
    public static ImmutableArray<Claim> Judge(AssessmentResult result)
    {
        var evidence = new Evidence(result);
        return [.. Rules.Select(rule => rule.Decide(evidence))];
    }
}
