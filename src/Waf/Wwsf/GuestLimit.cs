using System.Net;
using Portunus.Waf.Authorize;

namespace Portunus.Waf.Wwsf;

/// <summary>Keeps one address from taking a whole pool by forgetting its cookie. For many threads; of fixed size.</summary>
sealed class GuestLimit(WwsfSettings settings, TimeProvider time)
{
    // As in the login throttle, a place that two addresses share costs the second a wait.
    const int Places = 1 << 14;

    readonly Lock _gate = new();
    readonly (int Guests, long Ends)[] _places = new (int, long)[Places];

    /// <summary>Counts a new guest; otherwise the seconds to wait.</summary>
    public int? TryAdd(IPAddress address)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            ref var place = ref _places[LoginThrottle.Prefix(address).GetHashCode() & (Places - 1)];
            if (place.Ends <= now) place = (0, now + (long)settings.LeaseTime.TotalSeconds);
            if (place.Guests >= settings.GuestsPerAddress) return (int)(place.Ends - now);
            place.Guests++;
            return null;
        }
    }
}
