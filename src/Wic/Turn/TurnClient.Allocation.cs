using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Wic;

// The allocation: begun, kept, given back (RFC 8656 §7, §8).
public sealed partial class TurnClient
{
    /// <summary>A refresh is sent this long before the end, which leaves time to send it five times (RFC 8656 §7, §8).</summary>
    static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    Instant? _refreshAt;
    bool _began;
    bool _leaving;

    /// <summary>What waits for a token; null when nothing does.</summary>
    Wanted? _awaiting;

    /// <summary>What peers send to; null while there is no allocation.</summary>
    public TransportAddress? Relayed { get; private set; }

    /// <summary>
    /// Asks for a relay: <see cref="TurnClientEffect.Allocated"/>, or <see cref="TurnClientEffect.Failed"/>, follows.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was asked before: one client, one allocation, one five-tuple.</exception>
    public void Allocate(Instant now)
    {
        if (_began) throw new InvalidOperationException("This client has asked for its relay.");
        _began = true;
        _authentication.Begin(now);
        Request(now, new(StunMethod.Allocate, settings.Lifetime));
    }

    /// <summary>Gives the relay back; <see cref="TurnClientEffect.Ended"/> follows.</summary>
    /// <remarks>Before the relay is there it is given back as soon as it is.</remarks>
    public void Release(Instant now)
    {
        if (_leaving || !_began) return;
        _leaving = true;
        if (_awaiting is not null) End();
        if (Relayed is null) return;
        Forget();
        Request(now, new(StunMethod.Refresh, TimeSpan.Zero));
    }

    void OnAllocated(Instant now, Wanted wanted, in StunMessage response)
    {
        if (response.ReadXorRelayedAddress(out var relayed) != Reading.Present
            || response.ReadXorMappedAddress(out var mapped) != Reading.Present
            || response.ReadLifetime(out var seconds) != Reading.Present)
        {
            Fail(wanted, TurnClientFailure.Refused);
            return;
        }

        Relayed = relayed;
        if (_leaving)
        {
            Request(now, new(StunMethod.Refresh, TimeSpan.Zero));
            return;
        }

        var lifetime = TimeSpan.FromSeconds(seconds);
        RefreshIn(now, lifetime);
        _effects.Enqueue(new TurnClientEffect.Allocated(relayed, mapped, lifetime));
    }

    /// <summary>A newer token, under which the allocation goes on at once (RFC 7635 §9): until then its time is the old
    /// one's.</summary>
    /// <returns>False when no client could send it; then the one before stays.</returns>
    public bool Renew(Instant now, IssuedToken token)
    {
        if (!token.IsWellFormed) return false;
        _authentication.Take(now, token);
        if (_awaiting is { } wanted)
        {
            _awaiting = null;
            if (_authentication.TryGoByToken()) Request(now, wanted, attempt: 2);
            else Fail(wanted, TurnClientFailure.TokenForAnother);
            return true;
        }

        if (Relayed is not null && !_leaving) Refresh(now);
        return true;
    }

    void Refresh(Instant now)
    {
        _refreshAt = null;
        Request(now, new(StunMethod.Refresh, settings.Lifetime));
    }

    void OnRefreshed(Instant now, in StunMessage response)
    {
        // Without LIFETIME the answer says nothing of the time left; the default is then the safe reading (RFC 8656 §3.2).
        var seconds = response.ReadLifetime(out var given) == Reading.Present ? given : 600;
        RefreshIn(now, TimeSpan.FromSeconds(seconds));
    }

    void RefreshIn(Instant now, TimeSpan lifetime) =>
        _refreshAt = now + (lifetime > 2 * Margin ? lifetime - Margin : lifetime / 2);

    void End()
    {
        Forget();
        Relayed = null;
        _effects.Enqueue(new TurnClientEffect.Ended());
    }

    /// <summary>No request of this allocation matters any more.</summary>
    void Forget()
    {
        foreach (var id in _transactions.Keys) _retransmissions.Cancel(id);
        _transactions.Clear();
        _awaiting = null;
        foreach (var peer in _peers.Keys) _peerRefreshes.Cancel(peer);
        _peers.Clear();
        _refreshAt = null;
    }
}
