using Portunus.Tests.Interop.Ims.Diameter;

namespace Portunus.Tests.Interop.Ims.Cx;

sealed partial class HomeSubscriberServer
{
    /// <summary>
    /// SAR (TS 29.228 §6.1.2): an S-CSCF serves an identity from now on and is given its profile, or serves it no longer.
    /// </summary>
    DiameterMessage Assign(DiameterMessage request)
    {
        if (Find(request) is not { } subscription) return Reply(request, Experimental(ResultCode.UserUnknown));
        if (request.Number(AvpName.ServerAssignmentType) is not { } type || request.Text(AvpName.ServerName) is not { } server)
            return Reply(request, Result(ResultCode.MissingAvp));
        var serves = (ServerAssignment)type is
            ServerAssignment.Registration or ServerAssignment.ReRegistration or ServerAssignment.UnregisteredUser;
        subscription.Server = serves ? server : null;
        subscription.Host = serves ? request.Text(AvpName.OriginHost) : null;
        var name = Avp.Of(AvpName.UserName, subscription.Subscriber.PrivateIdentity);
        return serves
            ? Reply(request, Result(ResultCode.Success), [name, .. Profile(subscription.Subscriber)])
            : Reply(request, Result(ResultCode.Success), name);
    }

    static IEnumerable<Avp> Profile(Subscriber subscriber)
    {
        yield return new(AvpName.UserData, UserProfile.Of(subscriber));
        if (subscriber.AllowedWafs.Count > 0) yield return Avp.Of(AvpName.AllowedWafWwsfIdentities, Names(subscriber));
    }

    // TS 29.229 §6.3.66: pairs are not told apart; all WAFs, then all WWSFs.
    static IEnumerable<Avp> Names(Subscriber subscriber) =>
    [
        .. subscriber.AllowedWafs.Select(pair => pair.Waf).Distinct().Select(waf =>
            Avp.Of(AvpName.WebRtcAuthenticationFunctionName, waf)),
        .. subscriber.AllowedWafs.Select(pair => pair.Wwsf).OfType<string>().Distinct().Select(wwsf =>
            Avp.Of(AvpName.WebRtcWebServerFunctionName, wwsf)),
    ];
}
