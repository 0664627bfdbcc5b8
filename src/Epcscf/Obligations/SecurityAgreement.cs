using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Removes the security agreement of RFC 3329: W2 has TLS, and none of it concerns the core (obligation 14).</summary>
static class SecurityAgreement
{
    public const string OptionTag = "sec-agree";

    public static void Remove(SipMessage message)
    {
        message.Remove(HeaderName.SecurityClient);
        message.Remove(HeaderName.SecurityVerify);
        message.Remove(HeaderName.SecurityServer);
        message.RemoveToken(HeaderName.Require, OptionTag);
        message.RemoveToken(HeaderName.ProxyRequire, OptionTag);
        message.RemoveToken(HeaderName.Supported, OptionTag);
    }
}
