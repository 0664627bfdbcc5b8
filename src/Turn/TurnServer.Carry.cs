using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

// A client that has moved (RFC 8016) may be heard by another worker than the one that has its allocation. The ticket names that one, and
// the request that shows it is carried there; the owner runs it, lodges the client with the worker that heard it, and from then on all
// that the client says is carried. What the receiver knows is no state of the allocation: it may be lost, runs out by itself, and
// whatever shows that the two do not agree mends it.
public sealed partial class TurnServer
{
    readonly Lodgers _lodgers = new();

    /// <summary>One message that another worker heard from a client and carried here.</summary>
    /// <param name="now">The time.</param>
    /// <param name="path">The client's, as the other worker knows it, and which one that is.</param>
    /// <param name="message">As it came.</param>
    /// <param name="head">Takes the whole reply, or what precedes the payload.</param>
    public Forward OnCarried(Instant now, in ClientPath path, ReadOnlySpan<byte> message, Span<byte> head)
    {
        if (TryGetAllocation(now, path, out _) || ShowsTicket(message)) return OnClient(now, path, message, head);
        // The order to release it was lost, or crossed this. Nothing else than a ticket lets begin anything here.
        Post(path.CarriedBy!.Value, new TurnOrder.Release(path.FiveTuple, _self));
        Counters.By(path).CountDrop(DropReason.NoAllocation);
        return Forward.Drop(DropReason.NoAllocation);
    }

    /// <summary>Data on a five-tuple without allocation here: the client may be lodged.</summary>
    Forward Unowned(Instant now, in ClientPath path, int length) =>
        path.CarriedBy is null && _lodgers.TryGet(now, path.FiveTuple, out var owner)
            ? ToWorker(owner, path, length)
            : Forward.Drop(DropReason.NoAllocation);

    /// <summary>Whether a request is another worker's to judge. Its nonce was judged here: nobody can have anything carried from an
    /// address where he does not hear our answers, nor more requests with tickets than credentials may be tried.</summary>
    bool IsElsewhere(scoped ref Request request, out Forward forward)
    {
        forward = default;
        var (path, length) = (request.Path, request.Message.Bytes.Length);
        if (path.CarriedBy is null && _lodgers.TryGet(request.Now, path.FiveTuple, out var owner))
        {
            var names = request.Ticket switch
            {
                TicketState.Elsewhere => request.TicketOwner,
                TicketState.Opened or TicketState.NoAllocation => _self,
                _ => owner,
            };
            if (names == owner) forward = ToWorker(owner, path, length);
            else ForbidMove(ref request);
        }
        else if (request.Ticket == TicketState.Elsewhere)
        {
            // At another worker it already found that nobody has it. Here the five-tuple may be in use.
            if (path.CarriedBy is not null || request.Allocation is not null || _openings.ContainsKey(path.FiveTuple))
                ForbidMove(ref request);
            else if (MayTry(ref request)) forward = ToWorker(request.TicketOwner, path, length);
            else forward = Forward.Drop(DropReason.TooManyTries);
        }

        return forward.Kind != ForwardKind.Drop || forward.Reason != DropReason.None;
    }

    /// <summary>RFC 8656 §7.2 step 2: the five-tuple is that of another allocation; 437 for who is proved.</summary>
    static void ForbidMove(scoped ref Request request) => request.Ticket = TicketState.NoAllocation;

    Forward ToWorker(WorkerId owner, in ClientPath path, int length) =>
        Forward.ToWorker(owner, path with { CarriedBy = _self }, length);

    /// <summary>Whoever hears a client for this worker is told for how long.</summary>
    void Lodge(Allocation allocation)
    {
        Lodge(allocation, allocation.Path);
        if (allocation.Next is { } next) Lodge(allocation, next);
    }

    void Lodge(Allocation allocation, in ClientPath path)
    {
        if (path.CarriedBy is { } hearer) Post(hearer, new TurnOrder.Lodge(path, _self, allocation.ExpiresAt));
    }

    /// <summary>Another worker has the allocation of a client that is heard here.</summary>
    void Lodge(Instant now, TurnOrder.Lodge lodge)
    {
        var isTaken = TryGetAllocation(now, lodge.Path, out _) || _openings.ContainsKey(lodge.Path.FiveTuple);
        if (isTaken || !_lodgers.TryTake(lodge.Path.FiveTuple, lodge.Owner, lodge.Until, _settings.MaxAllocations))
            Post(lodge.Owner, new TurnOrder.Lose(lodge.Path));
    }

    /// <summary>The connection of a client is closed that was heard for another worker.</summary>
    void Leave(in ClientPath path)
    {
        if (_lodgers.TryRemove(path.FiveTuple, out var owner))
            Post(owner, new TurnOrder.Lose(path with { CarriedBy = _self }));
    }

    void Post(WorkerId to, TurnOrder order) => _effects.Enqueue(new TurnEffect.Post(to, order));

    static bool ShowsTicket(ReadOnlySpan<byte> bytes) =>
        StunMessage.TryParse(bytes, out var message, out _) && message.Class == StunClass.Request
        && message.Method == StunMethod.Refresh && message.Has(AttributeType.MobilityTicket);
}
