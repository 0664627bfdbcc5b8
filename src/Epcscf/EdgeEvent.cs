namespace Portunus.Epcscf;

/// <summary>What an edge reports to its operator.</summary>
public enum EdgeEvent
{
    /// <summary>A flow has its first binding.</summary>
    Registered,

    /// <summary>A binding was refreshed, on the same flow or on a new one.</summary>
    Refreshed,

    /// <summary>A binding ended by the WIC's own REGISTER.</summary>
    Deregistered,

    /// <summary>A binding ran out.</summary>
    Expired,

    /// <summary>A flow closed under a binding; the grace runs.</summary>
    FlowLost,

    /// <summary>The grace ended without a new flow; the core was told.</summary>
    Abandoned,

    /// <summary>A TURN credential went out.</summary>
    CredentialProvided,

    /// <summary>A request was refused by a rule of the edge.</summary>
    Refused,
}
