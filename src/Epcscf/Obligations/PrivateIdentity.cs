using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Keeps an asserted identity inside the trust domain when its owner wishes so (obligations 32, 39; RFC 3325 §7).</summary>
static class PrivateIdentity
{
    public static void Remove(SipMessage message)
    {
        // Privacy = priv-value *(";" priv-value) (RFC 3323 §4.2). One line is the rule; a wish on another counts all the same.
        var wishes = message.GetAll(HeaderName.Privacy).SelectMany(line => line.Split([';', ','], StringSplitOptions.TrimEntries));
        if (wishes.Contains("id", StringComparer.OrdinalIgnoreCase)) message.Remove(HeaderName.PAssertedIdentity);
    }
}
