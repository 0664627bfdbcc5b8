using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    const string PathTag = "path";

    /// <summary>A WIC's REGISTER on its way to the core (obligations 10 to 19).</summary>
    void OnRegister(Instant now, ResponseContext<Neighbour, Errand> context, SipMessage register)
    {
        var id = context.Path.Flow;
        if (Emergency.IsRegistration(register))
        {
            Refuse(now, context, 503, "No emergency registration here");
            return;
        }

        var identity = register.To!.Uri.AddressOfRecord;
        // Obligation 17; RFC 5626 §4.2.1: one Contact for one flow.
        if (register.From!.Uri.AddressOfRecord != identity || (register.Has(HeaderName.Contact) && !HasOneContact(register)))
        {
            Refuse(now, context, 403, "One identity and one Contact for a flow");
            return;
        }

        if (!_registrations.TryGetFlow(id, out var flow))
        {
            flow = new(id, identity, register.TopVia!.Transport);
            if (!_registrations.TryAdd(flow, now + _settings.Trial))
            {
                RefuseBusy(now, context);
                return;
            }
        }

        // The identity chose the shard of the flow.
        if (flow.AddressOfRecord != identity)
        {
            Refuse(now, context, 403, "This flow is of another identity");
            return;
        }

        var wanted = _credentials.Asked(register);
        if (!TryCleanRegister(now, context, register)) return;
        AddPath(register, id);
        // Obligation 12: an I-CSCF answers 400 without it.
        register.Set(HeaderName.PVisitedNetworkId, $"\"{_settings.VisitedNetwork ?? _settings.HomeDomain}\"");
        Charging.AddVector(register, _settings.Host, _settings.HomeDomain, _random);
        _silence.Set(context, now + _settings.CoreSilence);
        Forward(now, context, Neighbour.Core, register, new Errand.Registering(id, identity, wanted, register));
    }

    static bool HasOneContact(SipMessage register) =>
        register.HasWildcardContact || (register.Contacts.Count == 1 && register.GetAll(HeaderName.Contact).Count == 1);

    bool TryCleanRegister(Instant now, ResponseContext<Neighbour, Errand> context, SipMessage register)
    {
        WicAssertions.Remove(register);
        SecurityAgreement.Remove(register);
        _credentials.Remove(register);
        DigestScenario.Mark(register);
        register.Remove(HeaderName.ProxyAuthorization);
        register.Remove(HeaderName.PPreferredIdentity);
        // Obligation 9: a REGISTER goes to the home domain, whatever proxy the WIC preloaded.
        register.Remove(HeaderName.Route);
        if (ProxyCore<Neighbour, Errand>.TryHop(register)) return true;
        Refuse(now, context, 483);
        return false;
    }

    /// <summary>Puts this edge on the way of later requests to the WIC (obligation 11; RFC 3327 §5.2, RFC 5626 §5.1).</summary>
    void AddPath(SipMessage register, FlowId flow)
    {
        // RFC 5626 §5.1: "ob" promises a flow, so only to a WIC that offered one.
        var outbound = register.HasToken(HeaderName.Supported, "outbound")
            && register.Contacts is [var contact] && contact.Parameters.Has("reg-id");
        register.Insert(HeaderName.Path, OwnUri(Seal(TokenKind.Path, flow.Value), outbound));
        if (!register.HasToken(HeaderName.Require, PathTag)) register.Add(HeaderName.Require, PathTag);
    }

    /// <summary>Obligation 19: the WIC hears of the core's silence before it gives up itself.</summary>
    void GiveUp(Instant now, ResponseContext<Neighbour, Errand> context) => Refuse(now, context, 504);

    /// <summary>The core's answer on its way to the WIC (obligations 19 to 23).</summary>
    void OnRegisterResponse(
        Instant now, ProxyBranch<Neighbour, Errand> branch, SipMessage response, Errand.Registering errand, bool isLocal)
    {
        var context = branch.Context!;
        if (response.Status >= 200) _silence.Cancel(context);
        // Obligation 11: a core without Path is set wrongly; the WIC, which never asked for it, could do nothing about a 420.
        var lacksPath = response.Status == 420 && response.HasToken(HeaderName.Unsupported, PathTag);
        if (isLocal || response.Status == 408 || lacksPath)
        {
            Refuse(now, context, lacksPath ? 500 : 504);
            return;
        }

        ToWic(response);
        AkaKeys.Remove(response);
        if (response.Status is >= 200 and < 300) OnRegistered(now, response, errand);
        _proxy.Pass(now, branch, response);
    }

    /// <summary>A 2xx: the binding lives, or it is gone, or was only asked for.</summary>
    void OnRegistered(Instant now, SipMessage response, Errand.Registering errand)
    {
        if (errand.Sent.HasWildcardContact)
        {
            foreach (var registration in _registrations.OfIdentity(errand.AddressOfRecord))
                End(registration, EdgeEvent.Deregistered);
            return;
        }

        if (errand.Sent.Contacts is not [var contact]) return;
        var key = RegistrationKey.Of(errand.AddressOfRecord, contact);
        var bound = response.Contacts.FirstOrDefault(one => RegistrationKey.Of(errand.AddressOfRecord, one) == key);
        // Obligation 21: the expiry of this contact; without one of its own that of the message (RFC 3261 §10.2.4).
        var seconds = bound is null ? 0 : bound.Expires ?? response.Expires ?? 0;
        if (seconds > 0)
        {
            Store(now, key, TimeSpan.FromSeconds(Math.Min(seconds, LongestBinding)), response, errand);
        }
        else if (_registrations.OfKey(key) is { } gone)
        {
            End(gone, EdgeEvent.Deregistered);
        }
    }

    /// <summary>Keeps what obligation 21 lists, and provides the credential that was asked for.</summary>
    void Store(Instant now, in RegistrationKey key, TimeSpan life, SipMessage response, Errand.Registering errand)
    {
        var known = _registrations.OfKey(key);
        var registration = known
            ?? new(_registrations.NextNumber(), key, _random.NextToken(OpaqueLength)) { LastRegister = errand.Sent };
        registration.Identities = Identities.Of(response, key.AddressOfRecord);
        registration.ServiceRoute = response.GetAll(HeaderName.ServiceRoute);
        registration.Expires = now + life;
        registration.Wanted = errand.Wanted;
        registration.LastRegister = errand.Sent;
        if (known is null) _registrations.Add(registration);

        if (_registrations.TryGetFlow(errand.Flow, out var flow)) _registrations.Bind(registration, flow);
        else _registrations.Await(registration, now + _settings.Grace);
        Report(known is null ? EdgeEvent.Registered : EdgeEvent.Refreshed, errand.Flow, key.AddressOfRecord);
        Provide(now, registration, errand.Wanted, response);
    }
}
