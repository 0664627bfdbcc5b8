using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Removes from a WIC's message what only the network may say (obligations 15, 32; RFC 3325 §5, RFC 7315 §4).</summary>
static class WicAssertions
{
    static readonly HeaderName[] NetworkOnly =
    [
        HeaderName.PAssertedIdentity, HeaderName.PAssociatedUri, HeaderName.PVisitedNetworkId, HeaderName.PCalledPartyId,
        HeaderName.Path, HeaderName.ServiceRoute,
        // A user agent is on no Record-Route (RFC 3261 §20.30); a line of its own would put a stranger into the route.
        HeaderName.RecordRoute,
        // RFC 5502, 6050, 7316: who is served, by which service, on which private network.
        HeaderName.Of("P-Served-User"), HeaderName.Of("P-Asserted-Service"), HeaderName.Of("P-Private-Network-Indication"),
        HeaderName.Of("P-User-Database"), HeaderName.Of("P-Profile-Key"),
        // What was used before RFC 3325, and is still believed by some cores.
        HeaderName.Of("Remote-Party-ID"),
    ];

    public static void Remove(SipMessage message)
    {
        message.RemoveWhere(header => IsNetworkOnly(header.Name));
        RemoveNetworkProvided(message);
    }

    /// <summary>P-Charging-Vector, P-Charging-Function-Addresses, and whatever else charging may be called.</summary>
    public static bool IsCharging(HeaderName name) => name.Text.StartsWith("P-Charging-", StringComparison.OrdinalIgnoreCase);

    static bool IsNetworkOnly(HeaderName name) => IsCharging(name) || NetworkOnly.Contains(name);

    /// <summary>A WIC may say what access it sees, but not that the network said so (obligation 31; RFC 7315 §5.4: np).</summary>
    static void RemoveNetworkProvided(SipMessage message)
    {
        if (!message.Has(HeaderName.PAccessNetworkInfo)) return;
        var all = message.GetAll(HeaderName.PAccessNetworkInfo);
        var own = all.Where(value => TypedValue.TryParse(value, out var access)
            && !access.Parameters.Has("np") && !access.Parameters.Has("network-provided")).ToArray();
        if (own.Length == all.Count) return;
        if (own.Length == 0) message.Remove(HeaderName.PAccessNetworkInfo);
        else message.Set(HeaderName.PAccessNetworkInfo, string.Join(", ", own));
    }
}
