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
        RemovePrivateIdentity(message);
    }

    /// <summary>RFC 3325 §7: with Privacy: id the asserted identity ends at the border of the trust domain.</summary>
    static void RemovePrivateIdentity(SipMessage message)
    {
        // Privacy = priv-value *(";" priv-value) (RFC 3323 §4.2)
        var wishes = message.Get(HeaderName.Privacy)?.Split(';', StringSplitOptions.TrimEntries) ?? [];
        if (wishes.Contains("id", StringComparer.OrdinalIgnoreCase)) message.Remove(HeaderName.PAssertedIdentity);
    }
}
