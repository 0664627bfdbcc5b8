using Portunus.Bedrock;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    /// <summary>Does what is ordered; false when this shard has nothing that is meant.</summary>
    public bool OnOrder(Instant now, EdgeOrder order)
    {
        var isMet = order switch
        {
            EdgeOrder.End end => Expel(now, one => one.Opaque == end.Id, EdgeEvent.EndedByOperator),
            EdgeOrder.Revoke revoke => Expel(
                now,
                one => one.Token is { Claims: var claims } && claims.Id == revoke.TokenId && claims.Issuer == revoke.Issuer,
                EdgeEvent.Revoked),
            EdgeOrder.Provide provide => Use(provide.Change(_provisioning)),
            _ => false,
        };
        Settle(now);
        return isMet;
    }

    /// <summary>What is registered here, in no order: a copy that its taker may keep.</summary>
    public IReadOnlyList<RegistrationSnapshot> Registrations() =>
    [
        .. _registrations.All.Select(one => new RegistrationSnapshot(
            one.Opaque, one.Key.AddressOfRecord, one.Scenario, one.Flow, one.Expires.UnixSeconds, one.Token?.Claims.Issuer,
            one.IsKnownToTurn, _watches.IsHeard(one))),
    ];

    bool Expel(Instant now, Func<Registration, bool> isMeant, EdgeEvent why)
    {
        // Operators order seldom: a walk is cheaper than one more index that each registration would pay for.
        var meant = _registrations.All.Where(isMeant).ToArray();
        foreach (var registration in meant) Expel(now, registration, why);
        return meant.Length > 0;
    }

    bool Use(IProvisioning provisioning)
    {
        _provisioning = provisioning;
        // A call that comes in next is told of the new servers.
        foreach (var registration in _registrations.All) registration.Given = null;
        return true;
    }
}
