namespace Portunus.Credentials;

/// <summary>What a credential may be used for, beyond that it may be used; travels with it to the TURN server.</summary>
public sealed record CredentialLimits
{
    public static readonly CredentialLimits None = new();

    /// <summary>Allocations at a time; null for what the server allows anyone.</summary>
    public int? MaxAllocations { get; init; }

    /// <summary>Kilobits (1000 bits) of payload a second, in each direction; null for what the server allows anyone.</summary>
    public int? MaxKbps { get; init; }

    /// <summary>Datagrams a second, in each direction; null for what the server allows anyone.</summary>
    public int? MaxPps { get; init; }

    /// <summary>Whether they say nothing.</summary>
    public bool IsNone => MaxAllocations is null && MaxKbps is null && MaxPps is null && Peers.Count == 0;

    /// <summary>Ranges of addresses (CIDR) outside of which nobody is a peer; empty for what the server allows anyone.</summary>
    public IReadOnlyList<string> Peers { get; init; } = [];
}
