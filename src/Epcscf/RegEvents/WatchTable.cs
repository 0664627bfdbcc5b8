using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>The subscriptions of a shard: one for each registration set that is here, so never more than those.</summary>
/// <param name="leavers">Those that nobody needs any more and that wait for a last NOTIFY; one more is forgotten at once.</param>
sealed class WatchTable(int leavers)
{
    readonly Dictionary<ulong, Watch> _byNumber = [];
    readonly Dictionary<string, Watch> _bySet = [];
    readonly Dictionary<ulong, (Watch Watch, Instant Since)> _byRegistration = [];
    readonly Deadlines<ulong> _due = new();
    int _leaving;
    ulong _last;

    public Instant? NextDeadline => _due.Next;

    public int Count => _byNumber.Count;

    public Watch? Of(ulong number) => _byNumber.GetValueOrDefault(number);

    /// <summary>When the core last confirmed a registration.</summary>
    public Instant SinceOf(Registration registration) =>
        _byRegistration.TryGetValue(registration.Number, out var at) ? at.Since : default;

    /// <summary>The core confirmed a registration: its set is watched from now on.</summary>
    public void Join(Registration registration, Instant now)
    {
        var set = registration.DefaultIdentity.AddressOfRecord;
        if (!_bySet.TryGetValue(set, out var watch))
        {
            watch = new(++_last, registration.DefaultIdentity);
            _bySet.Add(set, watch);
            _byNumber.Add(watch.Number, watch);
            // Due at once, but not within the input at hand, which may have a question to ask.
            Rest(watch, now);
        }

        // A refresh may have moved it to another set.
        if (_byRegistration.TryGetValue(registration.Number, out var before) && before.Watch != watch) Leave(registration);
        if (!watch.Watched.Contains(registration)) watch.Watched.Add(registration);
        _byRegistration[registration.Number] = (watch, now);
    }

    /// <summary>Whether the core has told of its set, and goes on to.</summary>
    public bool IsHeard(Registration registration) =>
        _byRegistration.TryGetValue(registration.Number, out var at) && at.Watch.Dialog is { Version: not null };

    public void Leave(Registration registration)
    {
        if (!_byRegistration.Remove(registration.Number, out var at)) return;
        at.Watch.Watched.Remove(registration);
        if (at.Watch.Watched.Count == 0) Release(at.Watch);
    }

    /// <summary>The next thing to do about a watch is due then; nothing is before.</summary>
    public void Rest(Watch watch, Instant until) => _due.Set(watch.Number, until);

    public bool TryPopDue(Instant now, [NotNullWhen(true)] out Watch? watch)
    {
        watch = null;
        return _due.TryPop(now, out var number) && _byNumber.TryGetValue(number, out watch);
    }

    /// <summary>Nobody is left: a new registration of the set begins a new watch, which no late NOTIFY of this one ends.</summary>
    void Release(Watch watch)
    {
        _bySet.Remove(watch.Identity.AddressOfRecord);
        watch.IsLeaving = true;
        _leaving++;
        // Due at once.
        if (_leaving > leavers || watch.Dialog is null) Remove(watch);
        else Rest(watch, default);
    }

    public void Remove(Watch watch)
    {
        if (watch.IsLeaving) _leaving--;
        _byNumber.Remove(watch.Number);
        _due.Cancel(watch.Number);
    }
}
