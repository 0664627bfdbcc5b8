using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>One STUN request on its way through the checks, with what they found out.</summary>
ref struct Request(Instant now, in ClientPath path, StunMessage message, Span<byte> head)
{
    public readonly Instant Now = now;

    public readonly ClientPath Path = path;

    public readonly StunMessage Message = message;

    /// <summary>Takes the reply.</summary>
    public readonly Span<byte> Head = head;

    /// <summary>Whether it shows a nonce that we made for its source, be it fresh or old.</summary>
    public bool ShowsNonce;

    /// <summary>Whether its source may be another's address: what comes by a connection came from where it says, and who shows a nonce
    /// heard our answer there.</summary>
    public readonly bool MayBeForged => Path.FiveTuple.Transport == ClientTransport.Udp && !ShowsNonce;

    /// <summary>What the five-tuple identifies; null when it is not in use (RFC 8656 §5).</summary>
    public Allocation? Allocation;

    /// <summary>What a ConnectionBind names, if that waits to be bound.</summary>
    public PeerConnection? Connection;

    /// <summary>What became of its ticket (RFC 8016); only a Refresh has one that counts.</summary>
    public TicketState Ticket;

    /// <summary>Which of its allocation's tickets it was; says nothing unless it was opened.</summary>
    public uint TicketNumber;

    /// <summary>The worker that gave it; says nothing unless it is <see cref="TicketState.Elsewhere"/>.</summary>
    public WorkerId TicketOwner;

    /// <summary>The realm that its REALM names or, where that is none of ours, its ORIGIN; null before that was looked at.</summary>
    public Realm? Realm;

    /// <summary>Who sent it, once that is proved.</summary>
    public Caller? Caller;

    /// <summary>Whether a credential was looked for that was not at hand.</summary>
    public bool IsTry;

    /// <summary>Which integrity attribute the reply carries (RFC 8489 §9.2.4, last paragraph).</summary>
    public Integrity ReplyIntegrity;
}
