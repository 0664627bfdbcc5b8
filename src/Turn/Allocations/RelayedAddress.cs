using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>
/// One relayed transport address of an allocation (RFC 8656 §2): its socket, its port, and when it ends. A dual allocation has two, which
/// are refreshed and deleted together or one by one (RFC 8656 §8.1).
/// </summary>
sealed class RelayedAddress(Allocation allocation, RelayId relay, LeasedPort port)
{
    public Allocation Allocation { get; } = allocation;

    public RelayId Relay { get; } = relay;

    public LeasedPort Port { get; } = port;

    public IPFamily Family { get; } = port.Family;

    public Instant ExpiresAt { get; set; }

    public bool IsLive(Instant now) => now < ExpiresAt;
}
