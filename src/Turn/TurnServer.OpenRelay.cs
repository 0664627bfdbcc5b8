using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

// The question of an Allocate: a socket, and another one for a dual allocation. A run that asks does nothing else; the answer is put
// into the opening, and the kept request is run again from its first check.
public sealed partial class TurnServer
{
    /// <summary>How many questions may be open at once; each keeps at most <see cref="Waiting.LongestRequest"/> bytes.</summary>
    const int MaxQuestions = 4096;

    Forward AskForRelay(scoped in Request request, Caller caller, RelayWish wish)
    {
        if (request.Message.Bytes.Length > Waiting.LongestRequest) return Error(request, ErrorCode.BadRequest);
        if (_openings.Count >= MaxQuestions) return Forward.Drop(DropReason.TooManyQuestions);
        if (SparesMemory) return Full(request, wish, Shortage.Memory);
        var room = _settings.MaxAllocations - _relays.Count;
        if (room < 1) return Full(request, wish, Shortage.Relays);
        // Step 9: a second address for which there is no room is one that cannot be had.
        if (room < 2) wish = wish with { IsDual = false };
        var charge = new Charge(caller.Subject, SourcePrefix.Of(request.Path.FiveTuple.Client));
        var verdict = _ledger.Claim(request.Now, _random, wish, charge, QuotaOf(caller), out var lease);
        // Step 10, and what steps 5, 8 and 9 left to the ledger.
        if (verdict == LedgerVerdict.QuotaReached) return Error(request, ErrorCode.AllocationQuotaReached);
        if (lease is null) return Full(request, wish, verdict);
        var isHeldHere = TryTakeOver(lease, out var taken);
        var opening = new Opening(request.Path, request.Message.Bytes.ToArray(), caller, lease)
        {
            Elsewhere = lease.Held is { } held && held.Worker != _self ? held : null,
        };
        foreach (var port in lease.Ports) opening.Relays.Add(new(isHeldHere ? taken : _relays.Take(), port));
        if (lease.IsPair && room > 1) opening.Next = _relays.Take();
        if (isHeldHere) opening.Relays[0].State = OpeningState.Opened;
        _openings.Add(request.Path.FiveTuple, opening);
        return Continue(request, caller, opening);
    }

    AllocationQuota QuotaOf(Caller caller) => new(Quota(caller), _settings.AddressQuota, _settings.TotalQuota)
    {
        Realm = _realms.TotalQuotaOf(caller.Subject.Realm),
    };

    /// <summary>Allocations that a caller's subject may have: the server's rule for its kind, and the limit of its
    /// credential.</summary>
    int Quota(Caller caller)
    {
        var quota = caller.Subject.Kind == CredentialKind.Static ? _settings.StaticUserQuota : _settings.UserQuota;
        return Math.Min(quota, caller.Allowance?.MaxAllocations ?? quota);
    }

    /// <summary>The relay that must still be asked for, for the first time or, where another program has its port, at another one;
    /// null when all is known.</summary>
    OpeningRelay? NextToAsk(Opening opening)
    {
        foreach (var relay in opening.Relays)
        {
            if (relay.State == OpeningState.Waiting) return relay;
            if (relay.State != OpeningState.Taken) continue;
            if (relay.Tries < OpeningRelay.MaxTries && _ledger.TryMove(_random, opening.Lease, relay.Port)) return relay;
            relay.State = OpeningState.Refused;
            Counters.Count(Shortage.Ports);
        }

        return null;
    }

    Forward Ask(Instant now, Opening opening, OpeningRelay relay)
    {
        relay.State = OpeningState.Waiting;
        relay.Tries++;
        opening.Asked = relay;
        var deadline = now + _settings.OpenRelayDeadline;
        // There is room: every open question has an opening, and those are counted.
        _questions.TryOpen(opening, deadline, out var id);
        var question = new TurnQuestion.OpenRelay(relay.Relay, relay.Port.Local)
        {
            Next = opening.Next, IsTcp = opening.Lease.IsTcp,
        };
        _effects.Enqueue(new TurnEffect.Ask(id, question, deadline));
        return Forward.Drop(DropReason.Asked);
    }

    /// <summary>Runs the kept request again; what it then has no use for is given back.</summary>
    Forward Rerun(Instant now, Opening opening, TurnAnswer? answer, Span<byte> head)
    {
        if (opening.Asked is { } asked)
            asked.State = answer switch
            {
                TurnAnswer.RelayOpened => OpeningState.Opened,
                TurnAnswer.RelayTaken => OpeningState.Taken,
                _ => OpeningState.Refused,
            };
        // Of a worker that does not answer the socket may still be there; then the port is taken, and the answer will be 508.
        else opening.Elsewhere = null;
        opening.HoldsNext = answer is TurnAnswer.RelayOpened { Next: not null };
        (opening.Asked, opening.IsYielding) = (null, false);
        var forward = OnClient(now, opening.Path, opening.Request, head);
        if (opening.IsWaiting || !_openings.Remove(opening.Path.FiveTuple, out _)) return forward;
        foreach (var relay in opening.Relays)
        {
            if (relay.State == OpeningState.Opened) _effects.Enqueue(new TurnEffect.CloseRelay(relay.Relay));
            _relays.Free(relay.Relay);
        }

        if (opening.HoldsNext) _effects.Enqueue(new TurnEffect.CloseRelay(opening.Next!.Value));
        if (opening.Next is { } next) _relays.Free(next);
        _ledger.End(opening.Lease);
        return forward;
    }
}
