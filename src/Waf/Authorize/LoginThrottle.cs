using System.Net;
using System.Net.Sockets;

namespace Portunus.Waf.Authorize;

/// <summary>
/// Makes whoever guesses passwords wait: after the free failures of a user's name or of an address each further attempt waits
/// twice as long as the one before, up to a quarter of an hour. For many threads; of fixed size.
/// </summary>
/// <remarks>
/// The table has places, not entries: a name falls into one by a hash that differs in every process. Nothing can be pushed out
/// by sending many names; that two names share a place costs the second a wait, now and then.
/// </remarks>
sealed class LoginThrottle(int freeFailures, TimeProvider time)
{
    const int Places = 1 << 16;
    const int FirstWait = 10;
    const int LongestWait = 15 * 60;

    // Failures are forgotten when there were none for as long as the longest wait.
    readonly Lock _gate = new();
    readonly Place[] _places = new Place[Places];

    struct Place
    {
        public int Failures;
        public long NotBefore;
        public long ForgottenAt;
    }

    /// <summary>
    /// Begins an attempt, which counts as a failure until it <see cref="Succeeds"/>: so attempts at the same time gain nothing.
    /// Otherwise the seconds to wait.
    /// </summary>
    public int? TryBegin(string user, IPAddress address)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            ref var byUser = ref Find(Named(user), now);
            ref var byAddress = ref Find(Prefix(address), now);
            var wait = Math.Max(byUser.NotBefore, byAddress.NotBefore) - now;
            if (wait > 0) return (int)wait;
            Count(ref byUser, now);
            Count(ref byAddress, now);
            return null;
        }
    }

    /// <summary>The password was right: the user's failures are forgotten, and the address has one less.</summary>
    public void Succeeds(string user, IPAddress address)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            Find(Named(user), now) = default;
            // Not forgotten: else one known password would free an address to guess others.
            ref var byAddress = ref Find(Prefix(address), now);
            if (byAddress.Failures > 0) byAddress.Failures--;
            byAddress.NotBefore = 0;
        }
    }

    void Count(ref Place place, long now)
    {
        place.Failures++;
        var beyond = place.Failures - freeFailures;
        if (beyond >= 0) place.NotBefore = now + Math.Min(LongestWait, FirstWait << Math.Min(beyond, 10));
        place.ForgottenAt = now + LongestWait + Math.Max(0, place.NotBefore - now);
    }

    // No name, which anybody may make up, is the prefix of an address.
    static string Named(string user) => "named " + user;

    ref Place Find(string who, long now)
    {
        ref var place = ref _places[who.GetHashCode() & (Places - 1)];
        if (place.ForgottenAt <= now) place = default;
        return ref place;
    }

    /// <summary>
    /// A household has a /64 of IPv6, and may draw any address in it. As a string: its hash is drawn with the process.
    /// </summary>
    public static string Prefix(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? "from " + Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : "from " + address;
    }
}
