using Portunus.Credentials;

namespace Portunus.Server.Configuration;

/// <summary>What each credential of Approach 2 may be used for; it travels with the credential.</summary>
[Says("What each credential may be used for; it travels with the credential to the TURN server.")]
sealed record PushedLimitsSection
{
    [Says("Allocations at a time; what the TURN server allows anyone when left out."), Between(1, 1000)]
    public int? MaxAllocations { get; init; }

    [Says("Kilobits of payload a second, in each direction; what the TURN server allows anyone when left out."), Between(1, 100_000_000)]
    public int? MaxKbps { get; init; }

    [Says("Datagrams a second, in each direction; what the TURN server allows anyone when left out."), Between(1, 100_000_000)]
    public int? MaxPps { get; init; }

    [Says("Ranges outside of which nobody is a peer; what the TURN server allows anyone when left out."),
     Form(nameof(Forms.RangeText), "10.0.0.0/8")]
    public IReadOnlyList<string> Peers { get; init; } = [];

    public CredentialLimits ToLimits() =>
        new() { MaxAllocations = MaxAllocations, MaxKbps = MaxKbps, MaxPps = MaxPps, Peers = Peers };
}
