using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>What became of the MOBILITY-TICKET of a Refresh.</summary>
enum TicketState : byte
{
    Absent,

    /// <summary>This server takes none: 405.</summary>
    Forbidden,

    /// <summary>Not one of ours: 400.</summary>
    Invalid,

    /// <summary>It was ours; what it names is over, or cannot be had where the client is: 437.</summary>
    NoAllocation,

    /// <summary>Another worker gave it, to whom the request is carried.</summary>
    Elsewhere,

    /// <summary>It names the allocation that the request is about from now on.</summary>
    Opened,
}

// RFC 8016: a client that has moved finds its allocation again by a sealed ticket. The ticket says which one; that the client is the
// same the credential proves, as in every other request.
public sealed partial class TurnServer
{
    TicketSeal _tickets;

    /// <summary>RFC 8016 §3.1.2: what an Allocate that asks for tickets is refused with; null when it gets one, or does not ask.</summary>
    ErrorCode? RefusalOfTicket(scoped in StunMessage message) =>
        !message.TryGet(AttributeType.MobilityTicket, out var asked) ? null
        : asked.Value.Length > 0 ? ErrorCode.BadRequest
        : _settings.Mobility ? null : ErrorCode.MobilityForbidden;

    /// <summary>RFC 8016 §3.2.2: with a ticket "the server will not retrieve the 5-tuple from the packet to identify an associated
    /// allocation". Done before a key is looked for, since the allocation may hold it; and after the nonce was judged, so that a
    /// stranger cannot have tickets opened.</summary>
    void OpenTicket(scoped ref Request request)
    {
        if (request.Message.Method != StunMethod.Refresh || !request.Message.TryGet(AttributeType.MobilityTicket, out var ticket)) return;
        request.Ticket = TicketState.Forbidden;
        if (!_settings.Mobility) return;
        request.Ticket = TicketState.Invalid;
        if (!_tickets.TryOpen(ticket.Value, out var name, out request.TicketNumber)) return;
        var id = new RelayId(name);
        request.TicketOwner = id.Worker;
        request.Ticket = id.Worker == _self ? TicketState.NoAllocation : TicketState.Elsewhere;
        if (!TryFindMobile(request.Now, id, out var allocation)) return;
        request.Ticket = TicketState.Opened;
        request.Allocation = allocation;
    }

    /// <summary>What is wrong with moving to where a request came from, in the order of RFC 8016 §3.2.2.</summary>
    ErrorCode? RefusalOfMove(scoped in Request request, Caller caller)
    {
        switch (request.Ticket)
        {
            case TicketState.Forbidden: return ErrorCode.MobilityForbidden;
            case TicketState.Invalid: return ErrorCode.BadRequest;
            case TicketState.NoAllocation: return ErrorCode.AllocationMismatch;
        }

        var allocation = request.Allocation!;
        if (allocation.Judge(request.Now, request.TicketNumber, request.Path) != TicketVerdict.Good) return ErrorCode.BadRequest;
        // "to identify that it is the same user that had previously created the TURN allocation"
        if (!allocation.Takes(caller) || !allocation.IsOf(caller)) return ErrorCode.WrongCredentials;
        // As for an Allocate: RFC 8656 §21.4, and §7.2 step 2 where another allocation has the five-tuple.
        if (PeerPolicy.IsTunnel(request.Path.FiveTuple.Client)) return ErrorCode.Forbidden;
        return TryGetAllocation(request.Now, request.Path, out var there) && there != allocation ? ErrorCode.AllocationMismatch : null;
    }

    /// <summary>The request is granted: from now on both five-tuples mean the allocation.</summary>
    void BeginMove(scoped in Request request, Allocation allocation)
    {
        var to = request.Path.FiveTuple;
        // A retransmission, before or after the client showed itself.
        if (allocation.IsAt(to) || to == allocation.Next?.FiveTuple) return;
        if (allocation.Next is { } given) Forget(given, allocation);
        allocation.Expect(request.Path);
        _allocations[to] = allocation;
        if (allocation.IsLost) FinishMove(request.Now, allocation);
    }

    /// <summary>Whether data came by the path that a client is moving to, which ends the move.</summary>
    void Show(Instant now, Allocation allocation, in ClientPath path)
    {
        if (allocation.Next is { } next && next.FiveTuple == path.FiveTuple) FinishMove(now, allocation);
    }

    void FinishMove(Instant now, Allocation allocation)
    {
        if (allocation.Move(now) is not { } old) return;
        if (!allocation.IsAt(old.FiveTuple)) Forget(old, allocation);
        _ledger.Move(allocation.Lease, allocation.Path.FiveTuple);
        Audit(new TurnAudit.AllocationMoved(allocation.Id, allocation.Path.FiveTuple));
    }

    /// <summary>A five-tuple means an allocation no more; it may mean another one already.</summary>
    void Forget(in ClientPath path, Allocation allocation)
    {
        if (!_allocations.TryGetValue(path.FiveTuple, out var current) || current != allocation) return;
        _allocations.Remove(path.FiveTuple);
        if (path.CarriedBy is { } hearer) Post(hearer, new TurnOrder.Release(path.FiveTuple, _self));
    }

    /// <summary>A fresh ticket in each success response; "the client will store the MOBILITY-TICKET attribute, if present"
    /// (RFC 8016 §3.2.3), so that it always has one under a key that is known.</summary>
    void AddTicket(ref StunWriter writer, Allocation allocation)
    {
        if (!allocation.IsMobile || !_settings.Mobility) return;
        Span<byte> ticket = stackalloc byte[TicketSeal.Length];
        _tickets.Seal(ticket, _random, allocation.Id.Value, allocation.TicketNumber);
        writer.Add(AttributeType.MobilityTicket, ticket);
    }

    /// <summary>All that live: those that a five-tuple means, maybe twice, and those whose clients may come back.</summary>
    IEnumerable<Allocation> Living() => _allocations.Values.Concat(_mobile.Values.Where(allocation => allocation.IsLost));

    bool TryFindMobile(Instant now, RelayId id, [NotNullWhen(true)] out Allocation? allocation) =>
        _mobile.TryGetValue(id, out allocation) && allocation.IsLive(now);
}
