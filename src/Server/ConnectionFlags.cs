using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Server;

/// <summary>The flags of <c>portunus turn</c> about connections; <c>connections</c> of a file has more.</summary>
static class ConnectionFlags
{
    static readonly StreamLimits Ordinary = new();

    static readonly Option<ImmutableArray<AddressRange>> ProxyProtocolFrom = Flag.Many(
        "--proxy-protocol-from", "CIDR",
        "A balancer's addresses: connections to tcp: and tls: from there must begin with a header of the PROXY protocol (version 1 or 2) " +
        "and are whose it says. May be repeated.", TurnFlags.ReadRange);

    static readonly Option<int> Total = Number(
        "--max-connections", "Connections and sessions of DTLS at a time, of all workers; more are closed at once.", Ordinary.Most);

    static readonly Option<int> OfAddress = Number(
        "--max-address-connections", "The same of one IPv4 address or IPv6 /64; behind a balancer, of a header's.", Ordinary.MostOfAddress);

    public static IReadOnlyList<Option> All => [ProxyProtocolFrom, Total, OfAddress];

    /// <summary>The settings with what the line says.</summary>
    /// <exception cref="WrongUsageException">A balancer has nowhere to come to.</exception>
    public static TurnNodeSettings Apply(ParseResult line, TurnNodeSettings settings)
    {
        var balancers = line.GetValue(ProxyProtocolFrom);
        if (balancers.Length > 0 && !settings.Listen.Any(listener => listener.IsStream))
            throw new WrongUsageException(
                $"{ProxyProtocolFrom.Name}: balancers come by connections; write a --listen of tcp: or tls:, too.");
        return settings with
        {
            ProxyProtocolFrom = balancers,
            Streams = settings.Streams with { Most = line.GetValue(Total), MostOfAddress = line.GetValue(OfAddress) },
        };
    }

    static Option<int> Number(string name, string says, int fallback) => Flag.One(name, "N", says, Read, () => fallback);

    static int Read(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= QuotaFlags.Most
            ? number
            : throw new FormatException($"'{text}' is not a number of connections; write one from 1 to {QuotaFlags.Most}.");
}
