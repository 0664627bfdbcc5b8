namespace Portunus.Tests.Interop.Ims.Diameter;

/// <summary>Which attribute: its code within its vendor (RFC 6733 §4.1).</summary>
/// <param name="Code">Within the vendor.</param>
/// <param name="Vendor">0 for the IETF.</param>
readonly record struct AvpName(uint Code, uint Vendor = 0)
{
    /// <summary>3GPP as IANA numbers enterprises.</summary>
    public const uint Tgpp = 10415;

    // RFC 6733 §4.5
    public static readonly AvpName UserName = new(1);
    public static readonly AvpName HostIpAddress = new(257);
    public static readonly AvpName AuthApplicationId = new(258);
    public static readonly AvpName VendorSpecificApplicationId = new(260);
    public static readonly AvpName SessionId = new(263);
    public static readonly AvpName OriginHost = new(264);
    public static readonly AvpName SupportedVendorId = new(265);
    public static readonly AvpName VendorId = new(266);
    public static readonly AvpName ResultCode = new(268);
    public static readonly AvpName ProductName = new(269);
    public static readonly AvpName AuthSessionState = new(277);
    public static readonly AvpName DestinationRealm = new(283);
    public static readonly AvpName DestinationHost = new(293);
    public static readonly AvpName OriginRealm = new(296);
    public static readonly AvpName ExperimentalResult = new(297);
    public static readonly AvpName ExperimentalResultCode = new(298);

    // RFC 4740 §9.5
    public static readonly AvpName DigestRealm = new(104);
    public static readonly AvpName DigestQop = new(110);
    public static readonly AvpName DigestAlgorithm = new(111);
    public static readonly AvpName DigestHa1 = new(121);

    // TS 29.229 table 6.3.1
    public static readonly AvpName PublicIdentity = new(601, Tgpp);
    public static readonly AvpName ServerName = new(602, Tgpp);
    public static readonly AvpName ServerCapabilities = new(603, Tgpp);
    public static readonly AvpName MandatoryCapability = new(604, Tgpp);
    public static readonly AvpName UserData = new(606, Tgpp);
    public static readonly AvpName SipNumberAuthItems = new(607, Tgpp);
    public static readonly AvpName SipAuthenticationScheme = new(608, Tgpp);
    public static readonly AvpName SipAuthDataItem = new(612, Tgpp);
    public static readonly AvpName SipItemNumber = new(613, Tgpp);
    public static readonly AvpName ServerAssignmentType = new(614, Tgpp);
    public static readonly AvpName DeregistrationReason = new(615, Tgpp);
    public static readonly AvpName ReasonCode = new(616, Tgpp);
    public static readonly AvpName ReasonInfo = new(617, Tgpp);
    public static readonly AvpName SipDigestAuthenticate = new(635, Tgpp);
    public static readonly AvpName AllowedWafWwsfIdentities = new(656, Tgpp);
    public static readonly AvpName WebRtcAuthenticationFunctionName = new(657, Tgpp);
    public static readonly AvpName WebRtcWebServerFunctionName = new(658, Tgpp);
}
