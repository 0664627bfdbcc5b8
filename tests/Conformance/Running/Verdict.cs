using Portunus.Tests.Conformance.Targets;

namespace Portunus.Tests.Conformance.Running;

/// <summary>What came of a check.</summary>
enum Outcome
{
    Passed,
    Failed,

    /// <summary>It failed, and the target says why it does not keep a SHOULD.</summary>
    Declined,

    /// <summary>The target does not have what the check is about.</summary>
    NotOffered,

    /// <summary>The check takes more than ten seconds, and nobody asked for it.</summary>
    Slow,
}

/// <summary>What came of one check at one target by one transport.</summary>
/// <param name="Why">What the target did, or what it lacks; empty for a pass.</param>
sealed record Verdict(Check Check, Transport Transport, Outcome Outcome, string Why);
