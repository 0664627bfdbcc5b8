using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

/// <summary>All bindings, by public identity, and when each ends.</summary>
sealed class LocationTable
{
    readonly Dictionary<string, Location> _byIdentity = [];
    readonly Deadlines<Binding> _ends = new(ReferenceEqualityComparer.Instance);

    ulong _last;

    public int Count => _ends.Count;

    public Instant? NextDeadline => _ends.Next;

    public Location? Of(string addressOfRecord) => _byIdentity.GetValueOrDefault(addressOfRecord);

    /// <summary>Where a registration set is; a location that nobody finds yet when it has no binding.</summary>
    public Location Of(string impi, IReadOnlyList<string> identities)
    {
        // An identity that moved to another subscriber is not found there with what the first had bound.
        if (Of(Canonical(identities[0])) is not { } known || known.Impi != impi)
            return new($"r{++_last}", impi, identities);

        Forget(known);
        known.Identities = identities;
        Publish(known);
        return known;
    }

    /// <summary>A binding that is not kept yet.</summary>
    public Binding New(Location owner, NameAddress contact, IReadOnlyList<string> path) =>
        new() { Id = $"c{++_last}", Owner = owner, Contact = contact, Path = path, CallId = "", CSeq = 0 };

    public void Keep(Binding binding, Instant expires)
    {
        if (!binding.Owner.Bindings.Contains(binding)) binding.Owner.Bindings.Add(binding);
        binding.Expires = expires;
        _ends.Set(binding, expires);
        Publish(binding.Owner);
    }

    public void Remove(Binding binding)
    {
        _ends.Cancel(binding);
        binding.Owner.Bindings.Remove(binding);
        if (binding.Owner.Bindings.Count == 0) Forget(binding.Owner);
    }

    public bool TryPopExpired(Instant now, [NotNullWhen(true)] out Binding? binding)
    {
        if (!_ends.TryPop(now, out binding)) return false;
        Remove(binding);
        return true;
    }

    /// <summary>A public identity as it is compared; one that is no URI stands for itself and is never asked for.</summary>
    public static string Canonical(string identity) => SipUri.TryParse(identity, out var uri) ? uri.AddressOfRecord : identity;

    void Publish(Location location)
    {
        foreach (var identity in location.Identities) _byIdentity[Canonical(identity)] = location;
    }

    void Forget(Location location)
    {
        foreach (var identity in location.Identities)
            if (Of(Canonical(identity)) == location) _byIdentity.Remove(Canonical(identity));
    }
}
