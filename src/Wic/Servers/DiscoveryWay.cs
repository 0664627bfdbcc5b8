using System.Net;
using Portunus.Bedrock;

namespace Portunus.Wic;

/// <summary>One way to find TURN servers that nobody named (RFC 8155 §3).</summary>
/// <param name="Kind">How.</param>
/// <param name="Domain">Where the DNS is asked; empty for anycast.</param>
/// <param name="IsTheUsers">Whether the domain is the user's own, and not one that the network told.</param>
public sealed record DiscoveryWay(DiscoveryKind Kind, string Domain, bool IsTheUsers = false)
{
    /// <summary>The domain of Multicast DNS (RFC 6762 §3).</summary>
    public const string Local = "local";

    /// <summary>The anycast addresses that IANA assigned to TURN (RFC 8155 §8), at the port of TURN.</summary>
    public static IReadOnlyList<TurnServerAddress> AnycastServers { get; } =
    [
        new(TurnTransport.Udp, TransportAddress.From(IPAddress.Parse("192.0.0.10"), 3478)),
        new(TurnTransport.Udp, TransportAddress.From(IPAddress.Parse("2001:1::2"), 3478)),
    ];

    /// <summary>
    /// All ways, in the order to go them until one leads to a relay: who can be believed most comes first. RFC 8155 §3 prescribes none.
    /// </summary>
    /// <param name="own">Domains of the user: named, or of an identity (§4.1.2).</param>
    /// <param name="network">Domains that the network told (§4.1.1).</param>
    public static IReadOnlyList<DiscoveryWay> InOrder(IEnumerable<string> own, IEnumerable<string> network)
    {
        var domains = own.Select(domain => (Name: domain, IsTheUsers: true))
            .Concat(network.Select(domain => (Name: domain, IsTheUsers: false)))
            .DistinctBy(domain => domain.Name, StringComparer.OrdinalIgnoreCase)
            .ToArray();
        return
        [
            .. domains.Select(domain => new DiscoveryWay(DiscoveryKind.Resolution, domain.Name, domain.IsTheUsers)),
            .. domains.Select(domain => new DiscoveryWay(DiscoveryKind.Browsing, domain.Name, domain.IsTheUsers)),
            new(DiscoveryKind.Multicast, Local),
            new(DiscoveryKind.Anycast, ""),
        ];
    }

    public override string ToString() => Kind switch
    {
        DiscoveryKind.Resolution => $"S-NAPTR of {Domain}",
        DiscoveryKind.Browsing => $"DNS-SD of {Domain}",
        DiscoveryKind.Multicast => "mDNS",
        _ => "anycast",
    };
}

/// <summary>The mechanisms of RFC 8155.</summary>
public enum DiscoveryKind : byte
{
    /// <summary>S-NAPTR of a domain (§4).</summary>
    Resolution,

    /// <summary>DNS-SD in a domain (§5).</summary>
    Browsing,

    /// <summary>DNS-SD by Multicast DNS on the link (§5.1).</summary>
    Multicast,

    /// <summary>The nearest server at an address that all share (§6).</summary>
    Anycast,
}
