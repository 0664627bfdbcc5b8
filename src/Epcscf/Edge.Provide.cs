using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Sip;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    /// <summary>80 bits of chance in a username's opaque part, which has room for 12 to 32 characters.</summary>
    const int OpaqueLength = 16;

    const string Methods = "INVITE, ACK, CANCEL, BYE, PRACK, UPDATE, OPTIONS, MESSAGE, INFO, REFER, SUBSCRIBE, NOTIFY, REGISTER";

    /// <summary>
    /// Adds the credential header, and nowhere else is it added: to the 2xx of a REGISTER that leaves a binding, to our own
    /// 200 of an OPTIONS, to an INVITE for a WIC that asked in its last REGISTER (obligations 23, 39, 53, 54).
    /// </summary>
    void Provide(Instant now, Registration registration, TurnCredentialRequest? wanted, SipMessage message)
    {
        if (wanted is null || registration.Flow is not { } flow) return;
        if (_provisioning.Provide(now, wanted, registration.Opaque, registration.Expires) is not { } credential) return;
        _credentials.Add(message, credential);
        Report(EdgeEvent.CredentialProvided, flow, registration.Key.AddressOfRecord);
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
    void AnswerOptions(Instant now, ResponseContext<Neighbour, Errand> context, SipMessage request, Registration registration)
    {
        var response = Capabilities(context.Request);
        Provide(now, registration, _credentials.Asked(request), response);
        _proxy.Respond(now, context, response);
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
