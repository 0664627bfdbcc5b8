using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    // In the registry of IP protocols: what RFC 8656 §18.8 allows, and what RFC 6062 §4.1 adds.
    const byte UdpProtocol = 17;
    const byte TcpProtocol = 6;

    /// <summary>RFC 8656 §7.2 from step 2; step 1 is authentication, and steps 10 and 11 may come anywhere.</summary>
    Forward OnAllocate(scoped in Request request, Caller caller)
    {
        // Step 2. The same transaction again is a retransmission and answered alike.
        if (request.Allocation is { } existing)
            return existing.Transaction == request.Message.TransactionId && existing.Takes(caller)
                ? Allocated(request, existing)
                : Error(request, ErrorCode.AllocationMismatch);
        if (Refusal(request, out var wish) is { } refusal) return Error(request, refusal);
        if (!_openings.TryGetValue(request.Path.FiveTuple, out var opening))
            return TurnsAway(request.Path, wish) ? TurnAway(request) : AskForRelay(request, caller, wish);
        // The client was impatient: its reply comes with the answer.
        if (opening.IsWaiting) return Forward.Drop(DropReason.Asked);
        // A credential that was revoked meanwhile and given to somebody else: the port is charged to the one before.
        if (opening.Lease.Subject != caller.Subject) return Error(request, ErrorCode.InsufficientCapacity);
        return Continue(request, caller, opening);
    }

    /// <summary>Asks what is not known yet, or answers.</summary>
    Forward Continue(scoped in Request request, Caller caller, Opening opening)
    {
        if (opening.Elsewhere is { } held) return AskToYield(request.Now, opening, held);
        if (NextToAsk(opening) is { } next) return Ask(request.Now, opening, next);
        return opening.Relays.Exists(relay => relay.State == OpeningState.Opened)
            ? Allocated(request, Begin(request, caller, opening))
            : Error(request, ErrorCode.InsufficientCapacity);
    }

    /// <summary>Steps 3 to 9 as far as the message and the settings tell.</summary>
    ErrorCode? Refusal(scoped in Request request, out RelayWish wish)
    {
        var message = request.Message;
        wish = default;
        // RFC 8656 §21.4; a client without an allocation cannot bind a channel either.
        if (PeerPolicy.IsTunnel(request.Path.FiveTuple.Client)) return ErrorCode.Forbidden;

        // Step 3.
        if (message.ReadRequestedTransport(out var protocol) != Reading.Present) return ErrorCode.BadRequest;
        var isTcp = protocol == TcpProtocol && _settings.TcpRelay;
        if (protocol != UdpProtocol && !isTcp) return ErrorCode.UnsupportedTransportProtocol;
        if (isTcp && RefusalOfTcp(request) is { } unfit) return unfit;

        // Step 4. Where the DF bit cannot be set, the attribute was found unknown before.
        if (message.ReadDontFragment() == Reading.Malformed) return ErrorCode.BadRequest;

        // RFC 8016 §3.1.2.
        if (RefusalOfTicket(message) is { } refusal) return refusal;

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
        var port = evenPort == Reading.Absent ? PortWish.Any : reserveNext ? PortWish.Pair : PortWish.Even;
        wish = new(family, port, null, IsDual: additional == Reading.Present, isTcp);
        return null;
    }

    /// <summary>RFC 6062 §5.1, items 2 and 3.</summary>
    static ErrorCode? RefusalOfTcp(scoped in Request request) =>
        request.Path.IsStream && !request.Message.Has(AttributeType.DontFragment) && !request.Message.Has(AttributeType.EvenPort)
        && !request.Message.Has(AttributeType.ReservationToken)
            ? null
            : ErrorCode.BadRequest;

    /// <summary>The allocation comes into being (RFC 8656 §7.2, after the steps).</summary>
    Allocation Begin(scoped in Request request, Caller caller, Opening opening)
    {
        var (now, tuple) = (request.Now, request.Path.FiveTuple);
        _openings.Remove(opening.Path.FiveTuple);
        var lifetime = Lifetime(request, caller, request.Message.ReadLifetime(out var asked), asked);
        var allocation = new Allocation(request.Path, opening.Lease, request.Message.TransactionId, caller)
        {
            AskedForBoth = request.Message.Has(AttributeType.AdditionalAddressFamily),
            Policer = PolicerOf(caller),
            IsMobile = request.Message.Has(AttributeType.MobilityTicket),
            IsTcp = opening.Lease.IsTcp,
        };
        foreach (var opened in opening.Relays)
            if (opened.State == OpeningState.Opened) Add(allocation, opened, now + lifetime);
            else Forgo(opening, opened);

        _allocations[tuple] = allocation;
        if (allocation.IsMobile) _mobile.Add(allocation.Id, allocation);
        var (first, second) = (allocation.Addresses[0].Port.Relayed, allocation.Second?.Port.Relayed);
        opening.Lease.Holder = allocation;
        allocation.Token = _ledger.Begin(now, _random, opening.Lease,
            new(allocation.Id, tuple, first, caller.Subject, now, allocation.ExpiresAt)
            {
                Second = second, IsTcp = allocation.IsTcp,
            },
            opening.HoldsNext ? opening.Next : null);
        Reserve(now, opening, allocation.Token);
        Counters.By(request.Path).AllocationsBegan++;
        Audit(new TurnAudit.AllocationBegan(opening.Lease.Session!));
        return allocation;
    }

    void Add(Allocation allocation, OpeningRelay opened, Instant expiresAt)
    {
        var address = new RelayedAddress(allocation, opened.Relay, opened.Port) { ExpiresAt = expiresAt };
        allocation.Add(address);
        _relays.Set(address);
        _expiries.Set(address.Relay, expiresAt);
    }

    /// <summary>Step 9: one of two families could not be had.</summary>
    void Forgo(Opening opening, OpeningRelay refused)
    {
        _relays.Free(refused.Relay);
        _ledger.Drop(opening.Lease, refused.Port);
    }

    /// <summary>The success response, also of a retransmission (RFC 8656 §7.2).</summary>
    Forward Allocated(scoped in Request request, Allocation allocation)
    {
        var writer = Success(request);
        // "or two XOR-RELAYED-ADDRESS attributes", of which clients that know of one read the first.
        foreach (var address in allocation.Addresses)
            writer.AddXorAddress(AttributeType.XorRelayedAddress, address.Port.Relayed);
        writer.AddLifetime((uint)Math.Ceiling((allocation.ExpiresAt - request.Now).TotalSeconds));
        if (allocation.Token != 0) writer.AddReservationToken(allocation.Token);
        AddTicket(ref writer, allocation);
        writer.AddXorAddress(AttributeType.XorMappedAddress, request.Path.FiveTuple.Client);
        // Step 9: "it includes ADDRESS-ERROR-CODE attribute in the success response". 440 forbids the client to ask for that family
        // again (RFC 8656 §7.3), 508 for a minute.
        if (allocation.Missing is { } missing)
            writer.AddAddressErrorCode(missing, _ledger.Supports(missing)
                ? ErrorCode.InsufficientCapacity
                : ErrorCode.AddressFamilyNotSupported);
        return Finish(request, ref writer);
    }
}
