using System.Globalization;
using Portunus.Credentials;
using Portunus.Turn;

namespace Portunus.Server;

/// <summary>Profiles of limits as a flag has them: <c>NAME:max-allocations=N,peer=CIDR,peer=CIDR</c>.</summary>
static class Profiles
{
    const string Example = "write one like guest:max-allocations=4,peer=10.0.0.0/8";

    /// <exception cref="FormatException">Another form.</exception>
    public static (string Name, CredentialLimits Limits) Read(string text)
    {
        var colon = text.IndexOf(':');
        if (colon <= 0) throw new FormatException($"'{text}' names no limits; {Example}.");
        var limits = new CredentialLimits();
        foreach (var item in text[(colon + 1)..].Split(',')) limits = Add(limits, item);
        return (text[..colon], limits);
    }

    static CredentialLimits Add(CredentialLimits limits, string item) => item.Split('=', 2) switch
    {
        ["max-allocations", var number] when limits.MaxAllocations is null
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var most) =>
            limits with { MaxAllocations = most },
        ["peer", var range] when AddressRange.TryParse(range, out _) => limits with { Peers = [.. limits.Peers, range] },
        _ => throw new FormatException($"'{item}' is not a limit; {Example}."),
    };
}
