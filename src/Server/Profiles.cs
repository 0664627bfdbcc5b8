using System.Globalization;
using Portunus.Credentials;
using Portunus.Turn;

namespace Portunus.Server;

/// <summary>Profiles of limits as a flag has them: <c>NAME:max-allocations=N,max-kbps=N,max-pps=N,peer=CIDR,peer=CIDR</c>.</summary>
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
        ["max-allocations", var number] when limits.MaxAllocations is null => limits with { MaxAllocations = Read(item, number, 0) },
        ["max-kbps", var number] when limits.MaxKbps is null => limits with { MaxKbps = Read(item, number, 1) },
        ["max-pps", var number] when limits.MaxPps is null => limits with { MaxPps = Read(item, number, 1) },
        ["peer", var range] when AddressRange.TryParse(range, out _) => limits with { Peers = [.. limits.Peers, range] },
        _ => throw new FormatException($"'{item}' is not a limit; {Example}."),
    };

    static int Read(string item, string number, int least) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most >= least
            ? most
            : throw new FormatException($"'{item}' is not a limit; {Example}.");
}
