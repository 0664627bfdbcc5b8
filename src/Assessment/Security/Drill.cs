using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Security;

/// <summary>One attack or mishap of the study, tried against a running system.</summary>
/// <param name="Number">1 to 22, as in docs/study.md.</param>
/// <param name="Concerns">Where there is something to try.</param>
/// <param name="TryAsync">Tries it.</param>
sealed record Drill(int Number, Func<Way, bool> Concerns, Func<DrillSite, CancellationToken, Task<Finding>> TryAsync)
{
    /// <summary>Tells one try of a drill from its neighbours; empty where there is one.</summary>
    public string Setting { get; init; } = "";

    public static string Subject(int number) => Results.FigureName.Drill(number, Sentences[number - 1]);

    /// <summary>What is tried, by the numbers of docs/study.md.</summary>
    static readonly string[] Sentences =
    [
        "a WIC of S1 that nobody signed in asks the WAF for a token",
        "a credential is asked for before the 200, or on a flow that is not authenticated",
        "integrity-protected=\"auth-done\" comes from the WIC",
        "the core slips the credential header in",
        "the header is asked for over plain WebSocket",
        "an expired username",
        "a username edited to expire later",
        "a token for one TURN server at another",
        "a token dated ahead",
        "an Allocate is sent again from another address",
        "a nonce is used that another client was given",
        "a user who was deregistered keeps relaying",
        "a push is lost, late, doubled, overtaken",
        "the TURN server restarts in mid-call",
        "secrets and keys rotate under load",
        "clocks are apart",
        "a token for an identity outside of the pool",
        "a WAF that the subscriber does not allow",
        "two WICs with one leased identity",
        "all nonces expire at once",
        "a Refresh with a token under another kid",
        "malformed tokens",
    ];

    public static int Count => Sentences.Length;

    /// <summary>As it goes into the report.</summary>
    public static Figure Figure(Way way, int number, Finding finding, string setting = "") => new()
    {
        Experiment = Results.FigureName.Drills,
        Subject = Subject(number),
        Solution = way.Solution,
        Variant = way.Variant,
        Setting = setting,
        Value = finding.Value,
        Unit = finding.Unit,
        Outcome = finding.Outcome,
        AsExpected = finding.AsExpected,
        By = finding.By,
    };
}

/// <summary>What came of a drill.</summary>
/// <param name="Outcome">What the system answered.</param>
/// <param name="AsExpected">Whether docs/study.md says so; null where it says nothing.</param>
sealed record Finding(string Outcome, bool? AsExpected)
{
    public double? Value { get; init; }

    public string Unit { get; init; } = "";

    public string By { get; init; } = "sockets";
}
