using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>UDP in the registry of IP protocols, the only transport that RFC 8656 §18.8 allows.</summary>
    const byte UdpProtocol = 17;

    /// <summary>RFC 8656 §7.2 from step 2; step 1 is authentication, and steps 10 and 11 may come anywhere.</summary>
    Forward OnAllocate(scoped in Request request, Caller caller)
    {
        // Step 2. The same transaction again is a retransmission and answered alike.
        if (request.Allocation is { } existing)
            return existing.Transaction == request.Message.TransactionId && existing.Takes(caller)
                ? Allocated(request, existing)
                : Error(request, ErrorCode.AllocationMismatch);
        if (Refusal(request, out var wish, out var asksForBoth) is { } refusal) return Error(request, refusal);
        if (!_openings.TryGetValue(request.Path.FiveTuple, out var opening)) return AskForRelay(request, caller, wish);
        return opening.State switch
        {
            // A credential that was revoked meanwhile and given to somebody else: the port is charged to the one before.
            OpeningState.Opened when opening.Lease.Subject != caller.Subject => Error(request, ErrorCode.InsufficientCapacity),
            OpeningState.Opened => Allocated(request, Begin(request, caller, opening, asksForBoth)),
            OpeningState.Taken => AskAgain(request, opening),
            OpeningState.Refused => Error(request, ErrorCode.InsufficientCapacity),
            // The client was impatient: its reply comes with the answer.
            _ => Forward.Drop(DropReason.Asked),
        };
    }

    /// <summary>Steps 3 to 9 as far as the message and the settings tell.</summary>
    ErrorCode? Refusal(scoped in Request request, out RelayWish wish, out bool asksForBoth)
    {
        var message = request.Message;
        (wish, asksForBoth) = (default, false);
        // RFC 8656 §21.4; a client without an allocation cannot bind a channel either.
        if (PeerPolicy.IsTunnel(request.Path.FiveTuple.Client)) return ErrorCode.Forbidden;

        // Step 3.
        if (message.ReadRequestedTransport(out var protocol) != Reading.Present) return ErrorCode.BadRequest;
        if (protocol != UdpProtocol) return ErrorCode.UnsupportedTransportProtocol;

        // Step 4. Where the DF bit cannot be set, the attribute was found unknown before.
        if (message.ReadDontFragment() == Reading.Malformed) return ErrorCode.BadRequest;

        var reservation = message.ReadReservationToken(out var token);
        var evenPort = message.ReadEvenPort(out var reserveNext);
        var requested = message.ReadRequestedAddressFamily(out var family);
        var additional = message.ReadAdditionalAddressFamily(out var second);
        if (reservation == Reading.Malformed || evenPort == Reading.Malformed) return ErrorCode.BadRequest;
        if (requested == Reading.Malformed || additional == Reading.Malformed) return ErrorCode.BadRequest;
        if (message.ReadLifetime(out _) == Reading.Malformed) return ErrorCode.BadRequest;

        // Step 5; whether the token is good the ledger says.
        if (reservation == Reading.Present)
        {
            wish = new(IPFamily.None, PortWish.Any, token);
            var alone = evenPort == Reading.Absent && requested == Reading.Absent && additional == Reading.Absent;
            return alone ? null : ErrorCode.BadRequest;
        }

        // Step 6.
        if (requested == Reading.Present && additional == Reading.Present) return ErrorCode.BadRequest;

        // Step 7.
        if (requested == Reading.Absent) family = IPFamily.IPv4;
        if (!_ledger.Supports(family)) return ErrorCode.AddressFamilyNotSupported;

        // Steps 8 and 9; whether there is such a port the ledger says.
        if (reserveNext && additional == Reading.Present) return ErrorCode.BadRequest;
        if (additional == Reading.Present && second != IPFamily.IPv6) return ErrorCode.BadRequest;
        asksForBoth = additional == Reading.Present;
        wish = new(family, evenPort == Reading.Absent ? PortWish.Any : reserveNext ? PortWish.Pair : PortWish.Even, null);
        return null;
    }

    /// <summary>The allocation comes into being (RFC 8656 §7.2, after the steps).</summary>
    Allocation Begin(scoped in Request request, Caller caller, Opening opening, bool asksForBoth)
    {
        _openings.Remove(opening.Path.FiveTuple);
        var lifetime = Lifetime(request, caller, request.Message.ReadLifetime(out var asked), asked);
        var allocation = new Allocation(opening.Relay, request.Path, opening.Lease, request.Message.TransactionId, caller)
        {
            AskedForBoth = asksForBoth,
            ExpiresAt = request.Now + lifetime,
            Policer = PolicerOf(caller),
        };
        var tuple = request.Path.FiveTuple;
        _allocations[tuple] = allocation;
        _relays.Set(allocation.Relay, allocation);
        _expiries.Set(allocation.Relay, allocation.ExpiresAt);
        var relayed = opening.Lease.Relayed;
        allocation.Token = _ledger.Begin(request.Now, _random, opening.Lease,
            new(allocation.Relay, tuple, relayed, caller.Subject, request.Now, allocation.ExpiresAt));
        Counters.AllocationsBegan++;
        Audit(new TurnAudit.AllocationBegan(allocation.Relay, tuple, relayed, caller.Subject));
        return allocation;
    }

    /// <summary>The success response, also of a retransmission (RFC 8656 §7.2).</summary>
    Forward Allocated(scoped in Request request, Allocation allocation)
    {
        var writer = Success(request);
        writer.AddXorAddress(AttributeType.XorRelayedAddress, allocation.Lease.Relayed);
        writer.AddLifetime((uint)Math.Ceiling((allocation.ExpiresAt - request.Now).TotalSeconds));
        if (allocation.Token != 0) writer.AddReservationToken(allocation.Token);
        writer.AddXorAddress(AttributeType.XorMappedAddress, request.Path.FiveTuple.Client);
        // Step 9: of the two families of a dual allocation this server gives one. Where the other can be had by a request of its
        // own, 440 would be wrong: it forbids the client to ask for that family again (RFC 8656 §7.3).
        if (allocation.AskedForBoth)
            writer.AddAddressErrorCode(IPFamily.IPv6, _ledger.Supports(IPFamily.IPv6)
                ? ErrorCode.InsufficientCapacity
                : ErrorCode.AddressFamilyNotSupported);
        return Finish(request, ref writer);
    }
}
