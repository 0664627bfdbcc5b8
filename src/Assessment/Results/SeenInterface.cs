namespace Portunus.Assessment.Results;

/// <summary>A pair of entities between which a message was seen, and in which protocol.</summary>
/// <param name="From">The entity that sent first.</param>
/// <param name="To">The other.</param>
/// <param name="Protocol">Such as <c>SIP/WSS</c>.</param>
/// <param name="Messages">How many were seen.</param>
/// <param name="Purpose">For what it is there, in a few words.</param>
/// <param name="IsNew">Whether the network has it for this solution only.</param>
public sealed record SeenInterface(string From, string To, string Protocol, long Messages, string Purpose, bool IsNew);

/// <summary>What a solution is made of, counted from the traffic of a run.</summary>
public sealed record ArchitectureResult
{
    public required string Solution { get; init; }

    public string Variant { get; init; } = "-";

    /// <summary>Whether the revocation feed was on.</summary>
    public bool HasFeed { get; init; }

    /// <summary>Entities that sent or got a message.</summary>
    public required IReadOnlyList<string> Functions { get; init; }

    public required IReadOnlyList<SeenInterface> Interfaces { get; init; }

    /// <summary>Headers of SIP, attributes of STUN and methods that the same run without credentials has not; as they were seen on
    /// the wire.</summary>
    public IReadOnlyList<string> NewOnTheWire { get; init; } = [];
}
