using Portunus.Sip;
using Portunus.Tests.Interop.Ims.Cx;

namespace Portunus.Tests.Interop.Ims.Core;

sealed partial class MwClient
{
    /// <summary>
    /// A SUBSCRIBE for the registrations of a user, as an eP-CSCF sends it (obligation 24): by its own URI, with the host of its
    /// Path, by which the S-CSCF knows that it may.
    /// </summary>
    public SipMessage Subscribe(Subscriber subscriber)
    {
        var own = $"sip:{HostPort}";
        var subscribe = Request("SUBSCRIBE", subscriber.PublicIdentity, own, subscriber.PublicIdentity);
        subscribe.Add(HeaderName.Contact, $"<{own}>");
        subscribe.Add(HeaderName.PAssertedIdentity, $"<{own}>");
        subscribe.Add(HeaderName.Event, "reg");
        subscribe.Add(HeaderName.Accept, "application/reginfo+xml");
        subscribe.Add(HeaderName.Expires, "1200");
        return subscribe;
    }
}
