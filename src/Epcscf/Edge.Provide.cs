using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Sip;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    const string Methods = "INVITE, ACK, CANCEL, BYE, PRACK, UPDATE, OPTIONS, MESSAGE, INFO, REFER, SUBSCRIBE, NOTIFY, REGISTER";

    /// <summary>
    /// Adds the credential header, and nowhere else is it added: to the 2xx of a REGISTER that leaves a binding, to our own
    /// 200 of an OPTIONS, to an INVITE for a WIC that asked in its last REGISTER (obligations 23, 39, 53, 54). False when the run
    /// asked instead: it does nothing else.
    /// </summary>
    bool TryProvide(Instant now, Kept kept, Registration registration, TurnCredentialRequest? wanted, SipMessage message)
    {
        var provision = Provision.Nothing;
        if (wanted is not null && registration.Flow is not null)
        {
            var wish = new CredentialWish(wanted, registration.Opaque, registration.Expires, registration.Scenario)
            {
                Last = ReferenceEquals(registration.Given?.Request, wanted) ? registration.Given : null,
            };
            if (Grant(now, kept, wish, registration) is not { } granted) return false;
            provision = granted;
        }

        var flow = registration.Flow ?? default;
        if (kept is Kept.Confirmation confirmed) Report(confirmed.Event, confirmed.Errand.Flow, registration.Key.AddressOfRecord);
        switch (provision)
        {
            case Provision.Given { Credential: var credential }:
                _credentials.Add(message, credential);
                registration.Given = new(wanted!, credential, now + TimeSpan.FromSeconds(credential.Ttl));
                Report(EdgeEvent.CredentialProvided, flow, registration.Key.AddressOfRecord);
                break;
            case Provision.Refused { Reason: var reason }:
                // RFC 3261 §20.43: 399 is for people; the WIC's programmer is one.
                message.Add(HeaderName.Of("Warning"), $"399 {_host} \"{reason}\"");
                Report(EdgeEvent.CredentialRefused, flow, $"{registration.Key.AddressOfRecord}: {reason}");
                break;
        }

        return true;
    }

    /// <summary>What the way of provisioning says, after the question that it may have; null when the run asked it.</summary>
    Provision? Grant(Instant now, Kept kept, CredentialWish wish, Registration? registration)
    {
        var provision = _provisioning.Provide(now, wish with
        {
            Heard = kept.Heard<EdgeQuestion.Tell>(), Told = registration?.Told,
        });
        if (provision is not Provision.Asked asked)
        {
            if (registration is null) return provision;
            registration.Told = provision is Provision.Given
                ? null
                : kept.Heard<EdgeQuestion.Tell>()?.Question.Credential ?? registration.Told;
            if (provision is Provision.Given { Credential.Ttl: var ttl }) registration.NoteGiven(now + TimeSpan.FromSeconds(ttl));
            return provision;
        }

        if (registration is not null) registration.IsKnownToTurn = true;
        return Ask(now, kept, asked.Question, asked.Patience) is null ? null : Provision.Nothing;
    }

    /// <summary>
    /// OPTIONS to the home domain or to this edge, without a user part, of a registered identity: it asks us. Another is routed,
    /// if it may be.
    /// </summary>
    bool IsForUs(SipMessage request, Registration registration) =>
        request is { Method: SipMethod.Options, RequestUri: { IsSip: true, User: null } uri, From.Uri: { } from }
        && (uri.Host.Equals(_settings.HomeDomain, StringComparison.OrdinalIgnoreCase) || uri.Host == _host.Host)
        && registration.Owns(from);

    /// <summary>Our own 200: what the edge can do, and a fresh credential when one is asked for.</summary>
    void AnswerOptions(Instant now, Kept.Request kept, SipMessage request, Registration registration)
    {
        var response = Capabilities(kept.Context.Request);
        if (!TryProvide(now, kept, registration, _credentials.Asked(request), response)) return;
        _proxy.Respond(now, kept.Context, response);
    }

    /// <summary>RFC 3261 §11.2.</summary>
    SipMessage Capabilities(SipMessage request)
    {
        var response = SipMessage.Response(request, 200, toTag: NewTag());
        response.Add(HeaderName.Allow, Methods);
        response.Add(HeaderName.Supported, "path, outbound");
        return response;
    }
}
