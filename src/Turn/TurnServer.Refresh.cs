using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>RFC 8656 §8.2.</summary>
    Forward OnRefresh(scoped in Request request, Allocation allocation, Caller caller)
    {
        var message = request.Message;
        var reading = message.ReadRequestedAddressFamily(out var family);
        if (reading == Reading.Malformed) return Error(request, ErrorCode.BadRequest);
        // "the attribute value does not match the address family of the allocation"; without it, §8.1: "all current allocations".
        IPFamily? only = reading == Reading.Present ? family : null;
        if (only is not null && !allocation.Has(request.Now, family)) return Error(request, ErrorCode.PeerAddressFamilyMismatch);
        var given = message.ReadLifetime(out var asked);
        if (given == Reading.Malformed) return Error(request, ErrorCode.BadRequest);
        var lifetime = TimeSpan.Zero;
        if (given == Reading.Present && asked == 0)
            Delete(allocation, only);
        else if (!TryAdopt(allocation, caller))
            return Error(request, ErrorCode.AllocationQuotaReached);
        else
            Extend(allocation, only, request.Now, lifetime = Lifetime(request, allocation.Owner, given, asked));
        if (request.Ticket == TicketState.Opened && lifetime > TimeSpan.Zero) BeginMove(request, allocation);
        if (lifetime > TimeSpan.Zero) Lodge(allocation);

        var writer = Success(request);
        writer.AddLifetime((uint)Math.Ceiling(lifetime.TotalSeconds));
        if (lifetime > TimeSpan.Zero) AddTicket(ref writer, allocation);
        return Finish(request, ref writer);
    }

    /// <summary>RFC 8656 §7.2, §8.2: what is asked for, but neither below the default nor above the longest; and in any case no
    /// more than its credential has left (RFC 7635 §9).</summary>
    TimeSpan Lifetime(scoped in Request request, Caller caller, Reading reading, uint asked)
    {
        var wanted = reading == Reading.Present ? TimeSpan.FromSeconds(asked) : _settings.DefaultLifetime;
        if (wanted > _settings.MaxLifetime) wanted = _settings.MaxLifetime;
        if (wanted < _settings.DefaultLifetime) wanted = _settings.DefaultLifetime;
        var left = caller.EndsAt - request.Now;
        return wanted < left ? wanted : left;
    }

    /// <summary>The allocation goes over to the credential that refreshes it, and is charged to its subject; false when that one
    /// has all that it may have.</summary>
    bool TryAdopt(Allocation allocation, Caller caller)
    {
        // By the token before the owner's comes what was under way; it changes nothing.
        if (caller == allocation.Owner || caller == allocation.Former) return true;
        var passes = allocation.Owner.Subject != caller.Subject;
        if (!_ledger.TryCharge(allocation.Lease, caller.Subject, Quota(caller))) return false;
        allocation.Adopt(caller);
        RecheckConnections(allocation);
        allocation.Policer = PolicerOf(caller);
        if (passes) Audit(new TurnAudit.AllocationPassed(allocation.Id, caller.Subject));
        return true;
    }

    void Delete(Allocation allocation, IPFamily? only)
    {
        if (only is { } family) End(allocation.Addresses.Find(address => address.Family == family)!, AllocationEnd.Deleted);
        else End(allocation, AllocationEnd.Deleted);
    }

    void Extend(Allocation allocation, IPFamily? only, Instant now, TimeSpan lifetime)
    {
        foreach (var address in allocation.Addresses)
        {
            // What is over already has its deadline behind it, and is not refreshed by a request that names no family.
            if ((only ?? address.Family) != address.Family || !address.IsLive(now)) continue;
            address.ExpiresAt = now + lifetime;
            _expiries.Set(address.Relay, address.ExpiresAt);
        }

        _ledger.Refresh(allocation.Lease, allocation.ExpiresAt);
    }
}
