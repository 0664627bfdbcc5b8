using Portunus.Tests.Interop.Ims.Diameter;

namespace Portunus.Tests.Interop.Ims.Cx;

sealed partial class HomeSubscriberServer
{
    uint _lastRequest;

    /// <summary>
    /// RTR (TS 29.228 §6.1.3): the network ends a registration. Null when nobody serves the identity; else what to send, and the
    /// Diameter name of the S-CSCF that it is for.
    /// </summary>
    public (string Host, DiameterMessage Request)? Terminate(string publicIdentity)
    {
        if (_byIdentity.GetValueOrDefault(publicIdentity) is not { Host: { } scscf } subscription) return null;
        var number = ++_lastRequest;
        subscription.Server = subscription.Host = null;
        return (scscf, DiameterMessage.Request(DiameterCommand.RegistrationTermination, DiameterMessage.Cx, number,
        [
            .. Session($"{host};rtr;{number}"),
            Avp.Of(AvpName.DestinationHost, scscf), Avp.Of(AvpName.DestinationRealm, realm),
            Avp.Of(AvpName.UserName, subscription.Subscriber.PrivateIdentity),
            .. subscription.Subscriber.PublicIdentities.Select(identity => Avp.Of(AvpName.PublicIdentity, identity)),
            // 0 is PERMANENT_TERMINATION (TS 29.229 §6.3.17): do not register again.
            Avp.Of(AvpName.DeregistrationReason,
                Avp.Of(AvpName.ReasonCode, 0), Avp.Of(AvpName.ReasonInfo, "ended by the operator")),
        ]));
    }
}
