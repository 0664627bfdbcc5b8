namespace Portunus.Turn;

/// <summary>Why a message went nowhere; each is counted by itself in <see cref="TurnCounters"/>.</summary>
public enum DropReason : byte
{
    None,

    /// <summary>The first byte belongs to another protocol, or to none (RFC 7983 §7).</summary>
    NotForUs,

    /// <summary>Not a STUN message, or one that is cut short or whose FINGERPRINT is wrong (RFC 8489 §6.3).</summary>
    Malformed,

    /// <summary>From port 0, to which nothing can be sent back (RFC 8085 §5.1).</summary>
    NoReturn,

    /// <summary>A response, or an indication that servers have no use for.</summary>
    Unexpected,

    /// <summary>An indication or ChannelData on a five-tuple without allocation (RFC 8656 §5).</summary>
    NoAllocation,

    /// <summary>A relay that is not open any more.</summary>
    NoRelay,

    /// <summary>From a peer, while the client's connection is closed and it may come back (RFC 8016).</summary>
    NoClient,

    /// <summary>A channel that is not bound (RFC 8656 §12.6).</summary>
    NoChannel,

    /// <summary>No live permission for the peer's address (RFC 8656 §9).</summary>
    NoPermission,

    /// <summary>A peer that the rules for peers forbid.</summary>
    ForbiddenPeer,

    /// <summary>An unknown comprehension-required attribute in an indication (RFC 8489 §6.3.2): DONT-FRAGMENT, too, where the
    /// path cannot obey (RFC 8656 §11.2).</summary>
    UnknownAttribute,

    /// <summary>More bytes than one datagram to the client can carry.</summary>
    TooLong,

    /// <summary>More than the bandwidth of the client's credential, from the client.</summary>
    PolicedToPeer,

    /// <summary>More than the bandwidth of the client's credential, from a peer.</summary>
    PolicedToClient,

    /// <summary>The request waits for an answer from outside; the answer will bring its reply.</summary>
    Asked,

    /// <summary>Too many questions are open.</summary>
    TooManyQuestions,

    /// <summary>A request that proves nothing, of a source that had its share of answers.</summary>
    SourceLimit,

    /// <summary>A request with a nonce of ours, of a source that tried too many credentials in vain, or too many old nonces.</summary>
    TooManyTries,

    /// <summary>A request that proves nothing, while the budget of such answers is spent.</summary>
    BudgetSpent,

    /// <summary>A peer that connected, while the allocation or the worker has all the connections that it may have.</summary>
    TooManyConnections,

    /// <summary>An answer that nobody waits for any more, or a deadline that owes nobody a reply.</summary>
    Nothing,
}
