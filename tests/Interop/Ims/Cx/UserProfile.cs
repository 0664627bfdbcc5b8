using System.Text;
using System.Xml.Linq;

namespace Portunus.Tests.Interop.Ims.Cx;

/// <summary>What the S-CSCF is told of a subscription: User-Data (TS 29.228 annexes B to E).</summary>
static class UserProfile
{
    public static byte[] Of(Subscriber subscriber)
    {
        var identities = subscriber.PublicIdentities.Select(identity => new XElement("PublicIdentity",
            new XElement("BarringIndication", 0), new XElement("Identity", identity)));
        var subscription = new XElement("IMSSubscription",
            new XElement("PrivateID", subscriber.PrivateIdentity), new XElement("ServiceProfile", identities));
        var text = subscription.ToString(SaveOptions.DisableFormatting);
        return Encoding.UTF8.GetBytes($"""<?xml version="1.0" encoding="UTF-8"?>{text}""");
    }
}
