namespace Portunus.Sip;

/// <summary>The timers of RFC 3261, table 4, by their letters; L and M are of RFC 6026.</summary>
enum TransactionTimer : byte
{
    /// <summary>Retransmits an INVITE; unreliable transports only.</summary>
    A,

    /// <summary>Gives an INVITE up that got no response; also one that was cancelled and never answered (§9.1).</summary>
    B,

    /// <summary>A proxied INVITE has rung for too long.</summary>
    C,

    /// <summary>Waits for retransmissions of a final response above 299.</summary>
    D,

    /// <summary>Retransmits a non-INVITE request.</summary>
    E,

    /// <summary>Gives a non-INVITE request up.</summary>
    F,

    /// <summary>Retransmits a final response to an INVITE.</summary>
    G,

    /// <summary>Waits for the ACK.</summary>
    H,

    /// <summary>Waits for more ACKs.</summary>
    I,

    /// <summary>Waits for retransmissions of a non-INVITE request; ends one that nobody answered.</summary>
    J,

    /// <summary>Waits for retransmissions of a response to a non-INVITE.</summary>
    K,

    /// <summary>Waits for retransmissions of an INVITE that was accepted.</summary>
    L,

    /// <summary>Waits for more 2xx of an INVITE that was accepted.</summary>
    M,

    /// <summary>Sends the 100 that the user has not sent (§17.2.1; RFC 4320 §4.1).</summary>
    Trying,
}
