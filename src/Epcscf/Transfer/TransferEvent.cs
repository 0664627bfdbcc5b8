namespace Portunus.Epcscf;

/// <summary>What a credential transfer reports to its operator, each when it begins.</summary>
public enum TransferEvent
{
    /// <summary>A server answers no more; no credential names it until it does.</summary>
    ServerLost,

    /// <summary>A server answers, for the first time or again.</summary>
    ServerFound,

    /// <summary>A server knows exactly the edge's set: after its first answer, or since it began anew.</summary>
    Synchronised,

    /// <summary>A server has no room for more of this edge.</summary>
    ServerFull,

    /// <summary>A server refused a statement for good: certificates, realms or clocks do not fit.</summary>
    Refused,
}
