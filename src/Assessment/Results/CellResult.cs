using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Results;

/// <summary>One solution in one scenario over one network.</summary>
public sealed record CellResult
{
    /// <summary>S0, OAuth, A1, A2 or Combined.</summary>
    public required string Solution { get; init; }

    /// <summary>cold, warm, prefetched, push, pull or integrated; a dash where there is one only.</summary>
    public required string Variant { get; init; }

    /// <summary>How the client registers: S1, S2 or S3.</summary>
    public required RegistrationScenario Scenario { get; init; }

    /// <summary>What every link did to what it carried.</summary>
    public required Network Network { get; init; }

    /// <summary>measured (over sockets), modelled (in virtual time), impossible (the system refuses it) or failed.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is impossible, or what failed, in the system's own words; of a cell with samples, how many clients came to
    /// nothing, and why.</summary>
    public string? Reason { get; init; }

    /// <summary>By name: registered, candidate, invite, media; empty where nothing was measured.</summary>
    public ImmutableSortedDictionary<string, Metric> Metrics { get; init; } = ImmutableSortedDictionary<string, Metric>.Empty;

    /// <summary>From sign-in to the registration, by link.</summary>
    public ImmutableArray<LinkCount> Registration { get; init; } = [];

    /// <summary>From the click to media, the caller's alone, by link.</summary>
    public ImmutableArray<LinkCount> Call { get; init; } = [];

    /// <summary>What each step of a client cost on streams, in the order of the steps: what virtual time takes from sockets.</summary>
    public ImmutableArray<StepCount> Steps { get; init; } = [];

    /// <summary>Payload bytes of registration and call, handshakes included, all links.</summary>
    public double Bytes => Registration.Concat(Call).Sum(link => link.Bytes + link.HandshakeBytes);

    /// <summary>Messages of registration and call, all links.</summary>
    public double Messages => Registration.Concat(Call).Sum(link => link.Messages);

    /// <summary>Secrets that two entities share for this solution in the system that was measured.</summary>
    public int Keys { get; init; }

    /// <summary>In virtual time: clients that were really run. Those that lose nothing are as the one without losses, and where many
    /// lose something each that was run stands for several (docs/networks.md). Null over sockets, where each sample is one.</summary>
    public int? Runs { get; init; }

    [JsonIgnore]
    public Way Way => new(Solution, Variant);
}

/// <summary>What became of a cell.</summary>
public static class CellStatus
{
    /// <summary>Over real sockets.</summary>
    public const string Measured = "measured";

    /// <summary>In virtual time.</summary>
    public const string Modelled = "modelled";

    /// <summary>The system refuses it, and says why.</summary>
    public const string Impossible = "impossible";

    /// <summary>It should have worked.</summary>
    public const string Failed = "failed";
}
