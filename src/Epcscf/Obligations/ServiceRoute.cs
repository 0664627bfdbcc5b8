using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Puts the stored Service-Route in place of what the WIC preloaded (obligation 27; TS 24.229 §5.2.6.3.3).</summary>
/// <remarks>JsSIP and SIP.js keep no Service-Route, so replacing, not refusing, is the rule.</remarks>
static class ServiceRoute
{
    public static void Preload(SipMessage request, Registration registration)
    {
        request.Remove(HeaderName.Route);
        foreach (var route in registration.ServiceRoute) request.Add(HeaderName.Route, route);
    }
}
