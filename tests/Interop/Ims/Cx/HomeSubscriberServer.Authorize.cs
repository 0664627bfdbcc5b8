using Portunus.Tests.Interop.Ims.Diameter;

namespace Portunus.Tests.Interop.Ims.Cx;

sealed partial class HomeSubscriberServer
{
    /// <summary>
    /// UAR (TS 29.228 §6.1.1): the I-CSCF asks who may serve a REGISTER. It chooses itself by the capabilities the first time,
    /// and is told the S-CSCF later.
    /// </summary>
    DiameterMessage Authorize(DiameterMessage request)
    {
        if (Find(request, out var refusal) is not { } subscription) return Reply(request, refusal);
        return subscription.Server is { } server
            ? Reply(request, Experimental(ResultCode.SubsequentRegistration), Avp.Of(AvpName.ServerName, server))
            : Reply(request, Experimental(ResultCode.FirstRegistration),
                Avp.Of(AvpName.ServerCapabilities, Avp.Of(AvpName.MandatoryCapability, 0)));
    }

    /// <summary>LIR (TS 29.228 §6.1.4): the I-CSCF asks who serves the called party.</summary>
    DiameterMessage Locate(DiameterMessage request)
    {
        if (Find(request) is not { } subscription) return Reply(request, Experimental(ResultCode.UserUnknown));
        return subscription.Server is { } server
            ? Reply(request, Result(ResultCode.Success), Avp.Of(AvpName.ServerName, server))
            : Reply(request, Experimental(ResultCode.IdentityNotRegistered));
    }
}
