using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    /// <summary>In seconds: what a core says beyond a month is cut, so that no sum of times overflows.</summary>
    const uint LongestBinding = 30 * 24 * 3600;

    /// <summary>
    /// The WebSocket is gone; nothing comes from this flow after it. Requests to it get 430 at once; its registration waits
    /// for the WIC to come back (obligation 26; RFC 5626 §5.3.1).
    /// </summary>
    public void OnFlowClosed(Instant now, FlowId flow)
    {
        if (_registrations.RemoveFlow(flow, now + _settings.Grace) is { } registration)
            Report(EdgeEvent.FlowLost, flow, registration.Key.AddressOfRecord);
        _proxy.OnPathClosed(now, Neighbour.Of(flow));
        Settle(now);
    }

    /// <summary>A registration's time has come: it expired under its flow, or nobody came back for it.</summary>
    void OnEnded(Instant now, Registration registration)
    {
        if (now >= registration.Expires)
        {
            // A WIC that lets its registration run out while its WebSocket stands is asleep or gone: a new one finds it awake.
            if (registration.Flow is { } flow) _effects.Enqueue(new EdgeEffect.CloseFlow(flow));
            End(now, registration, EdgeEvent.Expired);
            // It was the token that ran out, and the core does not know.
            if (registration.CoreExpires > now) Deregister(now, registration);
            return;
        }

        End(now, registration, EdgeEvent.Abandoned);
        Deregister(now, registration);
    }

    void End(Instant now, Registration registration, EdgeEvent why)
    {
        Report(why, registration.Flow ?? default, registration.Key.AddressOfRecord);
        _registrations.Remove(registration);
        _watches.Leave(registration);
        _rechecks.Cancel(registration.Number);
        if (registration.IsKnownToTurn)
            foreach (var withdrawal in _provisioning.Withdraw(registration.Opaque)) _effects.Enqueue(withdrawal);
        if (registration.GivenUntil is { } until)
            foreach (var revocation in _provisioning.Revoke(now, registration.Opaque, until)) _effects.Enqueue(revocation);
    }

    /// <summary>
    /// Tells the core that a binding is gone, in the name of its WIC: its last REGISTER again, expired. A core that does not answer
    /// is told again; until then requests to the binding get 430.
    /// </summary>
    void Deregister(Instant now, Registration registration, int tries = 1)
    {
        var register = registration.LastRegister.Copy();
        if (register.CSeq is not { } cseq || register.Contacts is not [var contact]) return;
        register.Remove(HeaderName.Via);
        register.Set(HeaderName.CSeq, new CSeq(cseq.Number + 1, cseq.Method));
        register.Set(HeaderName.Contact, contact.With("expires", "0"));
        register.Set(HeaderName.Expires, "0");
        register.Set(HeaderName.MaxForwards, "70");
        register.Remove(HeaderName.PChargingVector);
        Charging.AddVector(register, _settings.Host, _settings.HomeDomain, _random);
        if (registration.Token is { Claims: var claims }) _web!.Vouch(register, claims);
        else DigestScenario.Vouch(
            register, DigestScenario.PrivateIdentity(register) ?? PrivateIdentityOf(registration), _settings.HomeDomain);
        AddVia(register, Neighbour.Core);
        var errand = new Errand.Deregistering(registration, tries);
        if (!_proxy.TryForward(now, null, Neighbour.Core, register, errand)) DeregisterLater(now, errand);
    }

    /// <summary>TS 23.003 §13.3: without one of its own, a private identity is the public one without its scheme.</summary>
    static string PrivateIdentityOf(Registration registration) =>
        registration.Key.AddressOfRecord is var identity ? identity[(identity.IndexOf(':') + 1)..] : "";
}
