using System.Collections.Immutable;

namespace Portunus.Assessment.Results;

/// <summary>All that a run found out: what is written as <c>assessment.json</c>, and what verdicts are drawn from.</summary>
public sealed record AssessmentResult
{
    /// <summary>Changes when a reader of an older one would misread it.</summary>
    public const string CurrentSchema = "portunus-assessment/1";

    public string Schema { get; init; } = CurrentSchema;

    public required MachineFacts Machine { get; init; }

    public required ulong Seed { get; init; }

    /// <summary><c>quick</c>, <c>default</c> or <c>full</c>.</summary>
    public required string Mode { get; init; }

    public required DateTimeOffset Began { get; init; }

    /// <summary>How long the run took, in seconds.</summary>
    public double Seconds { get; init; }

    public ImmutableArray<CellResult> Cells { get; init; } = [];

    public ImmutableArray<Agreement> Agreements { get; init; } = [];

    public ImmutableArray<ArchitectureResult> Architecture { get; init; } = [];

    public ImmutableArray<Figure> Figures { get; init; } = [];

    public ImmutableArray<Claim> Claims { get; init; } = [];

    public ImmutableArray<Criterion> Criteria { get; init; } = [];

    /// <summary>Of each solution in each criterion; what a recommendation follows from.</summary>
    public ImmutableArray<Score> Scores { get; init; } = [];

    /// <summary>What was not run, or failed, and why; a reader must not take its absence for a result.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];
}

/// <summary>Where a run was made.</summary>
public sealed record MachineFacts(string Processor, int Cores, string System, string Runtime, string Version);
