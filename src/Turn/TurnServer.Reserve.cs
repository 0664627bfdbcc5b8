using Portunus.Bedrock;

namespace Portunus.Turn;

// The port after that of an EVEN-PORT allocation (RFC 8656 §7.2): until its client comes it is held by a socket of the worker that
// reserved it, which hears nobody. If the client comes to another worker, that one asks for it first.
public sealed partial class TurnServer
{
    /// <summary>The sockets that hold reserved ports, with the tokens of these.</summary>
    readonly Dictionary<RelayId, ulong> _reserved = [];

    /// <summary>The allocation with the port before began; its reservation is held from now on, or in the ledger alone where no socket
    /// was opened.</summary>
    void Reserve(Instant now, Opening opening, ulong token)
    {
        if (opening.Next is not { } next) return;
        if (!opening.HoldsNext)
        {
            _relays.Free(next);
            return;
        }

        _reserved.Add(next, token);
        _expiries.Set(next, now + TurnLedger.ReservationLifetime);
    }

    /// <summary>Whether a port that was redeemed is held by a socket of this worker, which becomes its relay.</summary>
    bool TryTakeOver(RelayLease lease, out RelayId relay)
    {
        relay = lease.Held ?? default;
        return lease.Held is not null && _reserved.Remove(relay) && _expiries.Cancel(relay);
    }

    Forward AskToYield(Instant now, Opening opening, RelayId held)
    {
        opening.IsYielding = true;
        var deadline = now + _settings.OpenRelayDeadline;
        // There is room, as for every question of an opening.
        _questions.TryOpen(opening, deadline, out var id);
        _effects.Enqueue(new TurnEffect.Ask(id, new TurnQuestion.YieldRelay(held), deadline));
        return Forward.Drop(DropReason.Asked);
    }

    /// <summary>Nobody came in time.</summary>
    void Lapse(RelayId held)
    {
        if (!_reserved.TryGetValue(held, out var token)) return;
        _ledger.Lapse(token);
        CloseReserved(held);
    }

    void CloseReserved(RelayId held)
    {
        if (!_reserved.Remove(held)) return;
        _expiries.Cancel(held);
        _relays.Free(held);
        _effects.Enqueue(new TurnEffect.CloseRelay(held));
    }
}
