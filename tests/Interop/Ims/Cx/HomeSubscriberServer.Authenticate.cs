using Portunus.Tests.Interop.Ims.Diameter;

namespace Portunus.Tests.Interop.Ims.Cx;

sealed partial class HomeSubscriberServer
{
    const string SipDigest = "SIP Digest";

    /// <summary>
    /// MAR (TS 29.228 §6.3): the S-CSCF asks for what it checks a password with, which is H(A1) and never the password.
    /// </summary>
    DiameterMessage Authenticate(DiameterMessage request)
    {
        if (Find(request, out var refusal) is not { } subscription) return Reply(request, refusal);
        if (request.Avps[AvpName.SipAuthDataItem]?.Group?[AvpName.SipAuthenticationScheme]?.Text is not SipDigest)
            return Reply(request, Experimental(ResultCode.AuthSchemeNotSupported));
        var subscriber = subscription.Subscriber;
        return Reply(request, Result(ResultCode.Success),
            Avp.Of(AvpName.UserName, subscriber.PrivateIdentity),
            Avp.Of(AvpName.PublicIdentity, subscriber.PublicIdentity),
            Avp.Of(AvpName.SipNumberAuthItems, 1),
            Avp.Of(AvpName.SipAuthDataItem,
                Avp.Of(AvpName.SipItemNumber, 1),
                Avp.Of(AvpName.SipAuthenticationScheme, SipDigest),
                Avp.Of(AvpName.SipDigestAuthenticate,
                    Avp.Of(AvpName.DigestRealm, subscriber.Domain),
                    Avp.Of(AvpName.DigestAlgorithm, "MD5"),
                    Avp.Of(AvpName.DigestQop, "auth"),
                    Avp.Of(AvpName.DigestHa1, subscriber.Ha1))));
    }
}
