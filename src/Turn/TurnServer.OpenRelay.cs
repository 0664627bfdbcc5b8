using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

// The question of an Allocate: a socket. A run that asks does nothing else; the answer is put into the opening, and the kept
// request is run again from its first check.
public sealed partial class TurnServer
{
    /// <summary>How many questions may be open at once; each keeps at most <see cref="Waiting.LongestRequest"/> bytes.</summary>
    const int MaxQuestions = 4096;

    Forward AskForRelay(scoped in Request request, Caller caller, RelayWish wish)
    {
        if (request.Message.Bytes.Length > Waiting.LongestRequest) return Error(request, ErrorCode.BadRequest);
        if (_openings.Count >= MaxQuestions) return Forward.Drop(DropReason.TooManyQuestions);
        if (_relays.Count >= _settings.MaxAllocations) return Error(request, ErrorCode.InsufficientCapacity);
        var verdict = _ledger.Claim(
            request.Now, _random, wish, caller.Subject, Quota(caller), request.Path.FiveTuple.Client, out var lease);
        // Step 10, and what steps 5, 8 and 9 left to the ledger.
        if (verdict == LedgerVerdict.QuotaReached) return Error(request, ErrorCode.AllocationQuotaReached);
        if (lease is null) return Error(request, ErrorCode.InsufficientCapacity);
        var opening = new Opening(request.Path, request.Message.Bytes.ToArray(), caller, _relays.Take(), lease);
        _openings.Add(request.Path.FiveTuple, opening);
        return Ask(request.Now, opening);
    }

    /// <summary>Allocations that a caller's subject may have: the server's rule for its kind, and the limit of its
    /// credential.</summary>
    int Quota(Caller caller)
    {
        var quota = caller.Subject.Kind == CredentialKind.Static ? _settings.StaticUserQuota : _settings.UserQuota;
        return Math.Min(quota, caller.Allowance?.MaxAllocations ?? quota);
    }

    /// <summary>Another program has the port: another one may be free.</summary>
    Forward AskAgain(scoped in Request request, Opening opening)
    {
        if (opening.Tries == Opening.MaxTries || !_ledger.TryMove(_random, opening.Lease))
            return Error(request, ErrorCode.InsufficientCapacity);
        opening.Tries++;
        return Ask(request.Now, opening);
    }

    Forward Ask(Instant now, Opening opening)
    {
        opening.State = OpeningState.Waiting;
        var deadline = now + _settings.OpenRelayDeadline;
        // There is room: every open question has an opening, and those are counted.
        _questions.TryOpen(opening, deadline, out var id);
        _effects.Enqueue(new TurnEffect.Ask(id, new TurnQuestion.OpenRelay(opening.Relay, opening.Lease.Local), deadline));
        return Forward.Drop(DropReason.Asked);
    }

    /// <summary>Runs the kept request again; what it then has no use for is given back.</summary>
    Forward Rerun(Instant now, Opening opening, TurnAnswer? answer, Span<byte> head)
    {
        opening.State = answer switch
        {
            TurnAnswer.RelayOpened => OpeningState.Opened,
            TurnAnswer.RelayTaken => OpeningState.Taken,
            _ => OpeningState.Refused,
        };
        var forward = OnClient(now, opening.Path, opening.Request, head);
        if (opening.State == OpeningState.Waiting || !_openings.Remove(opening.Path.FiveTuple, out _)) return forward;
        if (opening.State == OpeningState.Opened) _effects.Enqueue(new TurnEffect.CloseRelay(opening.Relay));
        _relays.Free(opening.Relay);
        _ledger.End(opening.Lease);
        return forward;
    }
}
