namespace Portunus.Assessment.Results;

/// <summary>One observation that is no cell: of security, lifetime, management or scale.</summary>
public sealed record Figure
{
    /// <summary>The experiment that took it: <c>drills</c>, <c>lifetime</c>, <c>theft</c>, <c>clocks</c>, <c>restarts</c>,
    /// <c>rotation</c>, <c>management</c>, <c>scale</c>, <c>protocol</c>, <c>complexity</c>, <c>prompts</c>.</summary>
    public required string Experiment { get; init; }

    /// <summary>What was looked at, in a few words; the same for all solutions that are compared.</summary>
    public required string Subject { get; init; }

    public required string Solution { get; init; }

    public string Variant { get; init; } = "-";

    /// <summary>Null where the scenario does not matter.</summary>
    public Study.RegistrationScenario? Scenario { get; init; }

    /// <summary>Other settings of the experiment that tell it from its neighbours: <c>feed=on</c>, <c>N=10 M=20 P=4</c>.</summary>
    public string Setting { get; init; } = "";

    /// <summary>Null where nothing was to be measured, or where it never happened.</summary>
    public double? Value { get; init; }

    /// <summary>Of <see cref="Value"/>; empty for a count.</summary>
    public string Unit { get; init; } = "";

    /// <summary>What came of it, in a sentence or in a word such as <c>refused</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>False when it should have come out otherwise; null where nothing is right or wrong.</summary>
    public bool? AsExpected { get; init; }

    /// <summary><c>sockets</c>, <c>virtual time</c>, or <c>counted</c> in the sources.</summary>
    public string By { get; init; } = "sockets";
}
