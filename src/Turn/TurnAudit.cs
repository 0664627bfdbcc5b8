using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>An event in the life of an allocation, for the record that RFC 8656 §21.3.2 advises.</summary>
public abstract record TurnAudit
{
    TurnAudit()
    {
    }

    public sealed record AllocationBegan(Session Session) : TurnAudit;

    /// <summary>A token of another subject refreshed it (RFC 7635 §9).</summary>
    public sealed record AllocationPassed(RelayId Relay, Subject Subject) : TurnAudit;

    /// <summary>Its client goes on from another five-tuple (RFC 8016).</summary>
    public sealed record AllocationMoved(RelayId Relay, FiveTuple Client) : TurnAudit;

    /// <summary>One of the two addresses of a dual allocation is gone, the other lives on.</summary>
    public sealed record AddressEnded(RelayId Relay, TransportAddress Relayed, AllocationEnd Reason) : TurnAudit;

    /// <param name="Session">As it was last.</param>
    /// <param name="Reason">How it came to its end.</param>
    /// <param name="Traffic">All that was relayed by it.</param>
    public sealed record AllocationEnded(Session Session, AllocationEnd Reason, Traffic Traffic) : TurnAudit;
}

/// <summary>How an allocation came to its end.</summary>
public enum AllocationEnd : byte
{
    /// <summary>Its time was over (RFC 8656 §6).</summary>
    Expired,

    /// <summary>The client asked for lifetime 0 (RFC 8656 §8.2).</summary>
    Deleted,

    /// <summary>The time of its credential was over.</summary>
    CredentialEnded,

    /// <summary>Its credential was taken back.</summary>
    Revoked,

    /// <summary>The server was stopped.</summary>
    Stopped,

    /// <summary>The connection of its client was closed.</summary>
    Disconnected,
}
