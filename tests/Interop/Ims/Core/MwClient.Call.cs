using Portunus.Sip;
using Portunus.Tests.Interop.Ims.Cx;

namespace Portunus.Tests.Interop.Ims.Core;

sealed partial class MwClient
{
    string RecordRoute => $"<sip:{FlowToken}@{HostPort};lr>";

    /// <summary>An INVITE as an eP-CSCF sends it for a registered WIC (obligations 27 to 30), without an offer.</summary>
    /// <param name="caller">Registered by this client.</param>
    /// <param name="callee">Of the same domain.</param>
    /// <param name="registered">The 200 to the caller's REGISTER: its Service-Route is the way.</param>
    public SipMessage Call(Subscriber caller, Subscriber callee, SipMessage registered)
    {
        var invite = Request("INVITE", callee.PublicIdentity, caller.PublicIdentity, callee.PublicIdentity);
        foreach (var route in registered.ServiceRoutes) invite.Add(HeaderName.Route, route);
        invite.Add(HeaderName.RecordRoute, RecordRoute);
        invite.Add(HeaderName.Contact, $"<{Contact(caller)}>");
        invite.Add(HeaderName.PAssertedIdentity, $"<{caller.PublicIdentity}>");
        return invite;
    }
}
