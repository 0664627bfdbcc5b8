using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;

namespace Portunus.Epcscf;

/// <summary>The flows and registrations of one shard, and when each registration ends.</summary>
/// <remarks>A flow has one registration; as many again may wait for their WICs to come back.</remarks>
/// <param name="capacity">Flows at a time.</param>
sealed class RegistrationTable(int capacity)
{
    readonly Dictionary<FlowId, Flow> _flows = [];
    readonly Dictionary<RegistrationKey, Registration> _byKey = [];
    readonly Dictionary<ulong, Registration> _byNumber = [];
    readonly Dictionary<string, List<Registration>> _byIdentity = [];
    readonly Deadlines<ulong> _ends = new();
    readonly Deadlines<FlowId> _trials = new();
    ulong _last;

    public Instant? NextDeadline => _ends.Next is not { } end || _trials.Next < end ? _trials.Next : end;

    public bool TryGetFlow(FlowId id, [NotNullWhen(true)] out Flow? flow) => _flows.TryGetValue(id, out flow);

    /// <summary>
    /// False when there is no room. A flow that has no registration at <paramref name="trialEnd"/> is to be closed.
    /// </summary>
    public bool TryAdd(Flow flow, Instant trialEnd)
    {
        if (_flows.Count >= capacity || _byNumber.Count >= 2 * capacity || !_flows.TryAdd(flow.Id, flow)) return false;
        _trials.Set(flow.Id, trialEnd);
        return true;
    }

    /// <summary>The registration of a flow; null when it has none.</summary>
    public Registration? OfFlow(FlowId id) => _flows.TryGetValue(id, out var flow) ? flow.Registration : null;

    public Registration? OfKey(in RegistrationKey key) => _byKey.GetValueOrDefault(key);

    public Registration? OfNumber(ulong number) => _byNumber.GetValueOrDefault(number);

    public IReadOnlyCollection<Registration> All => _byNumber.Values;

    public IReadOnlyList<Registration> OfIdentity(string addressOfRecord) =>
        _byIdentity.TryGetValue(addressOfRecord, out var all) ? [.. all] : [];

    public ulong NextNumber() => ++_last;

    public void Add(Registration registration)
    {
        _byKey.Add(registration.Key, registration);
        _byNumber.Add(registration.Number, registration);
        var identity = registration.Key.AddressOfRecord;
        if (!_byIdentity.TryGetValue(identity, out var all)) _byIdentity.Add(identity, all = []);
        all.Add(registration);
    }

    /// <summary>
    /// Moves a registration to a flow; one that this flow had for another device waits for nobody and ends now.
    /// </summary>
    public void Bind(Registration registration, Flow flow, Instant now)
    {
        Unbind(registration);
        if (flow.Registration is { } other && other != registration) Await(other, now);
        registration.Flow = flow.Id;
        flow.Registration = registration;
        _ends.Set(registration.Number, registration.Expires);
    }

    /// <summary>The core lets a registration end earlier; never later.</summary>
    public void Shorten(Registration registration, Instant end)
    {
        if (end >= registration.Expires) return;
        (registration.Expires, registration.CoreExpires) = (end, end);
        if (_ends.TryGet(registration.Number, out var at) && end < at) _ends.Set(registration.Number, end);
    }

    /// <summary>A flow that lost its registration is to have another by <paramref name="trialEnd"/>, or it is closed.</summary>
    public void Try(FlowId id, Instant trialEnd)
    {
        if (_flows.ContainsKey(id)) _trials.Set(id, trialEnd);
    }

    /// <summary>The flow is gone; its registration, if it has one, waits for another until <paramref name="graceEnd"/>.</summary>
    public Registration? RemoveFlow(FlowId id, Instant graceEnd)
    {
        _trials.Cancel(id);
        if (!_flows.Remove(id, out var flow) || flow.Registration is not { } registration) return null;
        Await(registration, graceEnd);
        return registration;
    }

    /// <summary>A registration without a flow ends with the grace, if it does not expire before.</summary>
    public void Await(Registration registration, Instant graceEnd)
    {
        Unbind(registration);
        _ends.Set(registration.Number, registration.Expires < graceEnd ? registration.Expires : graceEnd);
    }

    public void Remove(Registration registration)
    {
        if (!_byNumber.Remove(registration.Number)) return;
        Unbind(registration);
        _byKey.Remove(registration.Key);
        var all = _byIdentity[registration.Key.AddressOfRecord];
        if (all.Remove(registration) && all.Count == 0) _byIdentity.Remove(registration.Key.AddressOfRecord);
        _ends.Cancel(registration.Number);
    }

    /// <summary>The next whose time has come: it expired, or nobody came back in the grace.</summary>
    public bool TryPopEnded(Instant now, [NotNullWhen(true)] out Registration? registration)
    {
        registration = null;
        return _ends.TryPop(now, out var number) && _byNumber.TryGetValue(number, out registration);
    }

    /// <summary>
    /// The next flow whose trial is over without a registration: without an end, strangers would fill the table.
    /// </summary>
    public bool TryPopUnregistered(Instant now, out FlowId id)
    {
        while (_trials.TryPop(now, out id))
            if (_flows.TryGetValue(id, out var flow) && flow.Registration is null) return true;
        return false;
    }

    void Unbind(Registration registration)
    {
        if (registration.Flow is { } id && _flows.TryGetValue(id, out var flow)) flow.Registration = null;
        registration.Flow = null;
    }
}
