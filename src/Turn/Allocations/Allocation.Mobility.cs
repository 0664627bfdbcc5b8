using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>Whether a ticket still counts in its allocation.</summary>
enum TicketVerdict : byte
{
    /// <summary>The client has moved here, or a retransmission of saying so.</summary>
    Good,

    /// <summary>From where the client is anyway: RFC 8016 §3.2.1, "the client MUST NOT include a MOBILITY-TICKET attribute".</summary>
    NotMoved,

    /// <summary>A later one took its place.</summary>
    Spent,
}

// RFC 8016: an allocation whose client may move to another five-tuple.
sealed partial class Allocation
{
    /// <summary>RFC 8016 §3.2.2: the old ticket is retained "for a period of at least 30 seconds to be able to recognize a
    /// retransmission".</summary>
    static readonly TimeSpan Retained = TimeSpan.FromSeconds(30);

    Instant _oldTicketUntil;

    /// <summary>The client asked for tickets and was given one.</summary>
    public bool IsMobile { get; init; }

    /// <summary>Where the client is, and where data goes.</summary>
    public ClientPath Path { get; private set; } = path;

    /// <summary>Where the client said that it is, and has not yet sent data from; null when it is where it was.</summary>
    public ClientPath? Next { get; private set; }

    /// <summary>The connection on which the client was is closed: whatever it comes by next is the one. Until then no five-tuple means the
    /// allocation, and nothing is sent to the client.</summary>
    public bool IsLost { get; private set; }

    /// <summary>How often the client has moved and shown itself; what tickets are numbered by.</summary>
    public uint Moves { get; private set; }

    /// <summary>The number of the next ticket: of the way that is under way, or of the one that is.</summary>
    public uint TicketNumber => Next is null ? Moves : Moves + 1;

    /// <summary>Whether the client is there, and not only was.</summary>
    public bool IsAt(in FiveTuple client) => !IsLost && Path.FiveTuple == client;

    /// <summary>Whether a caller is the user that the allocation is charged to. To <see cref="Takes"/> any token will do, for it comes on
    /// the client's own five-tuple; a ticket was read by everybody on its way, and whoever has any token could show it.</summary>
    public bool IsOf(Caller caller) => caller == Former || caller.Subject == Owner.Subject;

    /// <summary>Judges a ticket of this allocation.</summary>
    /// <remarks>Until the new path has shown itself the old ticket counts as well: its holder may not have heard of the new one. After
    /// that it is "only ... for the purposes of retransmission" (RFC 8016 §3.2.2): from where it brought the client.</remarks>
    public TicketVerdict Judge(Instant now, uint number, in ClientPath from)
    {
        var isHere = IsAt(from.FiveTuple);
        if (number == Moves || (Next is not null && number == Moves + 1)) return isHere ? TicketVerdict.NotMoved : TicketVerdict.Good;
        return isHere && number + 1 == Moves && now < _oldTicketUntil ? TicketVerdict.Good : TicketVerdict.Spent;
    }

    /// <summary>The client is about to move: what is sent on both paths counts, and what is sent to it goes to the old one.</summary>
    /// <param name="to">Not <see cref="Path"/>.</param>
    public void Expect(in ClientPath to) => Next = to;

    /// <summary>A connection of the client is closed.</summary>
    /// <returns>Whether it was moving away from it: then it has moved (RFC 8016 §3.2.2, "a message from the client to close the old
    /// connection").</returns>
    public bool Lose(in ClientPath path)
    {
        if (Next?.FiveTuple == path.FiveTuple) Next = null;
        else IsLost = true;
        return IsLost && Next is not null;
    }

    /// <summary>Data came by the new path, or the old one was closed: it is the one from now on.</summary>
    /// <returns>Where the client was; null when it was not moving.</returns>
    public ClientPath? Move(Instant now)
    {
        if (Next is not { } next) return null;
        var old = Path;
        (Path, Next, IsLost) = (next, null, false);
        Moves++;
        _oldTicketUntil = now + Retained;
        return old;
    }
}
