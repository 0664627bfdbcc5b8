using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>RFC 8656 §8.2.</summary>
    Forward OnRefresh(scoped in Request request, Allocation allocation)
    {
        var message = request.Message;
        var reading = message.ReadRequestedAddressFamily(out var family);
        if (reading == Reading.Malformed) return Error(request, ErrorCode.BadRequest);
        if (reading == Reading.Present && family != allocation.Family) return Error(request, ErrorCode.PeerAddressFamilyMismatch);
        var given = message.ReadLifetime(out var asked);
        if (given == Reading.Malformed) return Error(request, ErrorCode.BadRequest);
        var lifetime = given == Reading.Present && asked == 0 ? TimeSpan.Zero : Lifetime(given, asked);
        if (lifetime == TimeSpan.Zero)
            End(allocation, AllocationEnd.Deleted);
        else
            Extend(allocation, request.Now, lifetime);

        var writer = Success(request);
        writer.AddLifetime((uint)lifetime.TotalSeconds);
        return Finish(request, ref writer);
    }

    /// <summary>RFC 8656 §7.2, §8.2: what is asked for, but neither below the default nor above the longest.</summary>
    TimeSpan Lifetime(Reading reading, uint asked)
    {
        if (reading != Reading.Present) return _settings.DefaultLifetime;
        var wanted = TimeSpan.FromSeconds(asked);
        return wanted > _settings.MaxLifetime ? _settings.MaxLifetime
            : wanted > _settings.DefaultLifetime ? wanted
            : _settings.DefaultLifetime;
    }

    void Extend(Allocation allocation, Instant now, TimeSpan lifetime)
    {
        allocation.ExpiresAt = now + lifetime;
        _expiries.Set(allocation.Relay, allocation.ExpiresAt);
        _ledger.Refresh(allocation.Lease, allocation.ExpiresAt);
    }
}
