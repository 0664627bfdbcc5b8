using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    const string PathTag = "path";

    /// <summary>A WIC's REGISTER on its way to the core (obligations 10 to 19).</summary>
    void OnRegister(Instant now, Kept.Request kept, SipMessage register)
    {
        var context = kept.Context;
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

        // The identity chose the shard of the flow, and the credential of the first REGISTER its scenario.
        if (_registrations.TryGetFlow(id, out var flow) && flow.AddressOfRecord != identity)
        {
            Refuse(now, context, 403, "This flow is of another identity");
            return;
        }

        var showsTokens = flow?.ShowsTokens ?? (_web is not null && BearerCredentials.IsIn(register));
        var (token, refusal) = ((VerifiedToken?)null, (TokenRefusal?)null);
        if (showsTokens && !TryJudge(now, kept, register, flow, identity, out token, out refusal)) return;
        if (flow is null)
        {
            flow = new(id, identity, register.TopVia!.Transport, showsTokens);
            if (!_registrations.TryAdd(flow, now + _settings.Trial))
            {
                RefuseBusy(now, context);
                return;
            }
        }

        if (refusal is null && IsTakenByAnother(register, flow, token)) refusal = new(403, "This identity is in use");
        if (refusal is { } why)
        {
            Refuse(now, context, why);
            return;
        }

        flow.Token = token;
        var wanted = _credentials.Asked(register);
        if (!TryCleanRegister(now, context, register, token)) return;
        AddPath(register, id);
        // Obligation 12: an I-CSCF answers 400 without it.
        register.Set(HeaderName.PVisitedNetworkId, $"\"{_settings.VisitedNetwork ?? _settings.HomeDomain}\"");
        Charging.AddVector(register, _settings.Host, _settings.HomeDomain, _random);
        _silence.Set(context, now + _settings.CoreSilence);
        var errand = new Errand.Registering(id, identity, token, wanted, register);
        if (Forward(now, context, Neighbour.Core, register, errand)) NoteUnderWay(errand);
    }

    bool IsTakenByAnother(SipMessage register, Flow flow, VerifiedToken? token)
    {
        if (token is not { Claims.Scenario: Scenario.Pool } || !register.Has(HeaderName.Contact)) return false;
        var others = _registrations.OfIdentity(flow.AddressOfRecord);
        // A star means the devices of others, too.
        RegistrationKey? key = register.Contacts is [var contact]
            ? RegistrationKey.Of(flow.AddressOfRecord, contact)
            : flow.Registration?.Key;
        return PoolScenario.IsTaken(others, key) || IsUnderWay(flow, key);
    }

    static bool HasOneContact(SipMessage register) =>
        register.HasWildcardContact || (register.Contacts.Count == 1 && register.GetAll(HeaderName.Contact).Count == 1);

    bool TryCleanRegister(
        Instant now, ResponseContext<Neighbour, Errand> context, SipMessage register, VerifiedToken? token)
    {
        WicAssertions.Remove(register);
        SecurityAgreement.Remove(register);
        _credentials.Remove(register);
        if (token is null)
        {
            DigestScenario.Mark(register);
        }
        else
        {
            _web!.Vouch(register, token.Claims);
            WebScenario.Limit(register, token.Left(now));
        }

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
    void OnRegisterResponse(Instant now, Kept.Confirmation kept, bool isLocal)
    {
        var (context, response) = (kept.Branch.Context!, kept.Response);
        if (response.Status >= 200)
        {
            _silence.Cancel(context);
            NoteOver(kept.Errand);
        }

        // Obligation 11: a core without Path is set wrongly; the WIC, which never asked for it, could do nothing about a 420.
        var lacksPath = response.Status == 420 && response.HasToken(HeaderName.Unsupported, PathTag);
        if (isLocal || response.Status == 408 || lacksPath)
        {
            Refuse(now, context, lacksPath ? 500 : 504);
            return;
        }

        // The core does not take this node's word; the WIC, which has no password, could do nothing about a challenge.
        if (response.Status == 401 && kept.Errand.Token is not null)
        {
            Refuse(now, context, 403, "The core does not trust this edge");
            return;
        }

        ToWic(response);
        AkaKeys.Remove(response);
        if (response.Status is >= 200 and < 300 && !TryConfirm(now, kept)) return;
        _proxy.Pass(now, kept.Branch, response);
    }

    /// <summary>
    /// A 2xx: the binding lives, or it is gone, or was only asked for. The first run takes the core's word, so that the core
    /// finds what it has confirmed; the last reports it, with a credential in the response. False when the run asked.
    /// </summary>
    bool TryConfirm(Instant now, Kept.Confirmation kept)
    {
        if (!kept.IsTaken) OnRegistered(now, kept);
        kept.IsTaken = true;
        return kept.Registration is not { } registration
            || TryProvide(now, kept, registration, kept.Errand.Wanted, kept.Response);
    }

    void OnRegistered(Instant now, Kept.Confirmation kept)
    {
        var (response, errand) = (kept.Response, kept.Errand);
        if (errand.Sent.HasWildcardContact)
        {
            foreach (var registration in _registrations.OfIdentity(errand.AddressOfRecord))
                End(now, registration, EdgeEvent.Deregistered);
            return;
        }

        if (errand.Sent.Contacts is not [var contact]) return;
        var key = RegistrationKey.Of(errand.AddressOfRecord, contact);
        var bound = response.Contacts.FirstOrDefault(one => RegistrationKey.Of(errand.AddressOfRecord, one) == key);
        // Obligation 21: the expiry of this contact; without one of its own that of the message (RFC 3261 §10.2.4).
        var seconds = bound is null ? 0 : bound.Expires ?? response.Expires ?? 0;
        if (seconds > 0) Store(now, key, TimeSpan.FromSeconds(Math.Min(seconds, LongestBinding)), kept);
        else if (_registrations.OfKey(key) is { } gone) End(now, gone, EdgeEvent.Deregistered);
    }

    /// <summary>Keeps what obligation 21 lists.</summary>
    void Store(Instant now, in RegistrationKey key, TimeSpan life, Kept.Confirmation kept)
    {
        var (response, errand) = (kept.Response, kept.Errand);
        var known = _registrations.OfKey(key);
        var registration = known
            ?? new(_registrations.NextNumber(), key, OpaqueId.Draw(_random)) { LastRegister = errand.Sent };
        registration.Identities = Identities.Of(response, key.AddressOfRecord);
        registration.ServiceRoute = response.GetAll(HeaderName.ServiceRoute);
        registration.CoreExpires = now + life;
        // A registration never outlives its token.
        registration.Expires = errand.Token?.Left(now) is { } left && left < life ? now + left : now + life;
        registration.Token = errand.Token;
        registration.Wanted = errand.Wanted;
        registration.LastRegister = errand.Sent;
        if (known is null) _registrations.Add(registration);
        WatchToken(now, registration);

        if (_registrations.TryGetFlow(errand.Flow, out var flow)) _registrations.Bind(registration, flow, now);
        else _registrations.Await(registration, now + _settings.Grace);
        _watches.Join(registration, now);
        (kept.Registration, kept.Event) = (registration, known is null ? EdgeEvent.Registered : EdgeEvent.Refreshed);
    }
}
