namespace Portunus.HomeCore;

/// <summary>What the home core reports to its operator.</summary>
public enum CscfEvent
{
    /// <summary>An address-of-record has a new binding.</summary>
    Registered,

    /// <summary>A binding was refreshed.</summary>
    Refreshed,

    /// <summary>A binding was removed by its owner or by the edge.</summary>
    Deregistered,

    /// <summary>A binding ran out.</summary>
    Expired,

    /// <summary>A binding made room for a newer one of the same subscriber.</summary>
    Displaced,

    /// <summary>Digest failed, or an identity was claimed that is not the subscriber's.</summary>
    Refused,

    /// <summary>There were so many wrong answers for a name that no more are judged for a while.</summary>
    Throttled,

    /// <summary>A binding was ended by the operator's order.</summary>
    Ordered,

    /// <summary>A neighbour that is not trusted said that it had authenticated somebody.</summary>
    Untrusted,
}
