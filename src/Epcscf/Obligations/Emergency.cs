using System.Text;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Screens for emergency first of all (obligations 10 and 52; TS 24.229 §5.2.1, §5.2.10): no E-CSCF is here.</summary>
static class Emergency
{
    const string Mark = "sos";

    /// <summary>An emergency registration: <c>sos</c> in a Contact or in the Request-URI (TS 24.229 §7.2A.13).</summary>
    public static bool IsRegistration(SipMessage register) =>
        IsCall(register) || HasMark(register.RequestUri)
        || register.Contacts.Any(contact => HasMark(contact.Uri) || contact.Parameters.Has(Mark));

    /// <summary>A call to <c>urn:service:sos</c> or below (RFC 5031 §4.2).</summary>
    public static bool IsCall(SipMessage request) => IsService(request.RequestUri) || IsService(request.To?.Uri);

    /// <summary>A 380: try elsewhere (TS 24.229 §5.2.10.5).</summary>
    public static SipMessage Alternative(SipMessage request, string tag)
    {
        var response = SipMessage.Response(request, 380, toTag: tag);
        response.SetBody("application/3gpp-ims+xml", AlternativeService);
        return response;
    }

    /// <summary>TS 24.229 §7.6.</summary>
    static readonly ReadOnlyMemory<byte> AlternativeService = Encoding.UTF8.GetBytes(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <ims-3gpp version="1">
          <alternative-service><type>emergency</type><reason/><action>emergency-registration</action></alternative-service>
        </ims-3gpp>
        """);

    static bool HasMark(SipUri? uri) => uri?.Parameters.Has(Mark) ?? false;

    static bool IsService(SipUri? uri) => uri is { Scheme: "urn", Opaque: { } name }
        && $"{name}.".StartsWith("service:sos.", StringComparison.OrdinalIgnoreCase);
}
