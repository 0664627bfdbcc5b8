namespace Portunus.Tests.Interop.Ims.Diameter;

/// <summary>How an answer ends: RFC 6733 §7.1, and those of 3GPP (TS 29.229 §6.2), which have a range of their own.</summary>
static class ResultCode
{
    public const uint Success = 2001;
    public const uint CommandUnsupported = 3001;
    public const uint MissingAvp = 5005;

    public const uint FirstRegistration = 2001;
    public const uint SubsequentRegistration = 2002;
    public const uint UserUnknown = 5001;
    public const uint IdentitiesDontMatch = 5002;
    public const uint IdentityNotRegistered = 5003;
    public const uint AuthSchemeNotSupported = 5006;
}
