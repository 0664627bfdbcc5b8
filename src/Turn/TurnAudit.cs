using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>An event in the life of an allocation, for the record that RFC 8656 §21.3.2 advises.</summary>
public abstract record TurnAudit
{
    TurnAudit()
    {
    }

    public sealed record AllocationBegan(RelayId Relay, FiveTuple Client, TransportAddress Relayed, Subject Subject) : TurnAudit
    {
        /// <summary>The IPv6 address of a dual allocation, beside the IPv4 one; null for any other.</summary>
        public TransportAddress? Second { get; init; }
    }

    /// <summary>A token of another subject refreshed it (RFC 7635 §9).</summary>
    public sealed record AllocationPassed(RelayId Relay, Subject Subject) : TurnAudit;

    /// <summary>One of the two addresses of a dual allocation is gone, the other lives on.</summary>
    public sealed record AddressEnded(RelayId Relay, TransportAddress Relayed, AllocationEnd Reason) : TurnAudit;

    public sealed record AllocationEnded(RelayId Relay, AllocationEnd Reason, Traffic Traffic) : TurnAudit;
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
}
