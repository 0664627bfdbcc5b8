using System.Collections.Immutable;

namespace Portunus.Assessment.Results;

/// <summary>All that a run found out: what is written as <c>assessment.json</c>, and what verdicts are drawn from.</summary>
public sealed record AssessmentResult
{
    /// <summary>Changes when a reader of an older one would misread it.</summary>
    public const string CurrentSchema = "portunus-assessment/1";

    /// <summary>Of this file, with the number of its version.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>Where it was run.</summary>
    public required MachineFacts Machine { get; init; }

    /// <summary>All chance of the run is drawn from it.</summary>
    public required ulong Seed { get; init; }

    /// <summary><c>quick</c>, <c>default</c> or <c>full</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>When, in UTC.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>How long the run took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Every solution in every scenario over every network, over sockets and in virtual time.</summary>
    public ImmutableArray<CellResult> Cells { get; init; } = [];

    /// <summary>Medians over sockets beside those in virtual time.</summary>
    public ImmutableArray<Agreement> Agreements { get; init; } = [];

    /// <summary>What each solution is made of.</summary>
    public ImmutableArray<ArchitectureResult> Architecture { get; init; } = [];

    /// <summary>Of protocol, security, lifetime, management, scale and complexity.</summary>
    public ImmutableArray<Figure> Figures { get; init; } = [];

    /// <summary>The claims of the study with their verdicts.</summary>
    public ImmutableArray<Claim> Claims { get; init; } = [];

    /// <summary>Of the scorecard.</summary>
    public ImmutableArray<Criterion> Criteria { get; init; } = [];

    /// <summary>Of each solution in each criterion; what a recommendation follows from.</summary>
    public ImmutableArray<Score> Scores { get; init; } = [];

    /// <summary>What this mode does not try, or the system itself does not allow, and why; the run is whole without it.</summary>
    public ImmutableArray<string> LeftOut { get; init; } = [];

    /// <summary>What was not run, or failed, and why; a reader must not take its absence for a result.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];
}

/// <summary>Where a run was made.</summary>
/// <param name="Processor">As it names itself.</param>
/// <param name="Cores">How many the run could use.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">Of .NET.</param>
/// <param name="Version">Of portunus.</param>
public sealed record MachineFacts(string Processor, int Cores, string System, string Runtime, string Version);
