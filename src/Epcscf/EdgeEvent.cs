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

    /// <summary>The core ended a binding, by its own decision or another edge's.</summary>
    EndedByCore,

    /// <summary>The core would not tell what becomes of a registration set; it is asked again later.</summary>
    Unwatched,

    /// <summary>A TURN credential went out.</summary>
    CredentialProvided,

    /// <summary>A TURN credential was asked for that this edge cannot give to this user.</summary>
    CredentialRefused,

    /// <summary>A binding ended because its access token was revoked; the core was told.</summary>
    Revoked,

    /// <summary>A binding was ended by the operator; the core was told.</summary>
    EndedByOperator,

    /// <summary>A request was refused by a rule of the edge.</summary>
    Refused,
}
