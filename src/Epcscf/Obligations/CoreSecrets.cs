using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Removes from a message to the WIC what stays inside the trust domain (obligations 23, 32, 39; RFC 7315 §5).</summary>
static class CoreSecrets
{
    public static void Remove(SipMessage message)
    {
        message.RemoveWhere(header => WicAssertions.IsCharging(header.Name));
        message.Remove(HeaderName.PVisitedNetworkId);
        // Credentials are for the one who challenged, never for another WIC.
        message.Remove(HeaderName.Authorization);
        message.Remove(HeaderName.ProxyAuthorization);
    }
}
