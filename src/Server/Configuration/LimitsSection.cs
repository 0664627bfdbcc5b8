using Portunus.Credentials;

namespace Portunus.Server.Configuration;

/// <summary>Limits of credentials, by name.</summary>
[Says("Limits of credentials.")]
sealed record LimitsSection
{
    [Says("Digits and small letters.")]
    public required string Name { get; init; }

    [Says("Allocations at a time; what the server allows anyone when left out."), Between(1, 1000)]
    public int? MaxAllocations { get; init; }

    [Says("Kilobits of payload a second, in each direction; what the server allows anyone when left out."), Between(1, 100_000_000)]
    public int? MaxKbps { get; init; }

    [Says("Datagrams a second, in each direction; what the server allows anyone when left out."), Between(1, 100_000_000)]
    public int? MaxPps { get; init; }

    [Says("Ranges outside of which nobody is a peer; what the server allows anyone when left out."),
     Form(nameof(Forms.RangeText), "10.0.0.0/8")]
    public IReadOnlyList<string> Peers { get; init; } = [];

    public CredentialLimits ToLimits() =>
        new() { MaxAllocations = MaxAllocations, MaxKbps = MaxKbps, MaxPps = MaxPps, Peers = Peers };
}
