using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>A listening address that other servers have as well.</summary>
[Says("A listening address that other servers have as well, where clients find the nearest of them (RFC 8155 §6).")]
sealed record AnycastSection
{
    [Says("One of \"listen\", like the addresses that IANA assigned."), Form(nameof(Forms.Alternate), "192.0.0.10:3478")]
    public required TransportAddress Address { get; init; }

    [Says("Another of \"listen\", of this server alone: clients are sent there by a 300."), Form(nameof(Forms.Alternate), "192.0.2.1:3478")]
    public required TransportAddress Unicast { get; init; }

    public AnycastListener ToListener() => new(Address, Unicast);
}
