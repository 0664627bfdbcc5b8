using System.Net;
using Portunus.Credentials;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>How TURN servers are found that nobody named (RFC 8155), after those that somebody did.</summary>
public sealed record DiscoveryPlan
{
    /// <summary>Of the user: named by him, or of his identity.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    public DiscoveryTrust Trust { get; init; } = new([]);

    /// <summary>Where the system keeps the domains that DHCP or an administrator gave it.</summary>
    public string ResolverFile { get; init; } = "/etc/resolv.conf";

    /// <summary>Where Multicast DNS is asked (RFC 6762 §3).</summary>
    public IPEndPoint Group { get; init; } = new(IPAddress.Parse("224.0.0.251"), 5353);

    /// <summary>On which links; null for those of this machine.</summary>
    public IReadOnlyList<MulticastLink>? Links { get; init; }

    /// <summary>How long answers of a link are gathered: they come within half a second (RFC 6762 §6), or not at all.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a link is asked that says nothing.</summary>
    public int Tries { get; init; } = 2;

    public IReadOnlyList<TurnServerAddress> Anycast { get; init; } = DiscoveryWay.AnycastServers;

    /// <summary>How long one way may take, whatever the network answers.</summary>
    public TimeSpan LongestSearch { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server that was found is waited for: five sendings of RFC 8489 §6.2.1, since it may not be there.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>With the domain of who has signed in (RFC 8155 §4.1.2).</summary>
    public DiscoveryPlan With(string? domain) =>
        domain is not null && IsDomain(domain) ? this with { Domains = [.. Domains, domain] } : this;

    internal IReadOnlyList<DiscoveryWay> Ways() => DiscoveryWay.InOrder(Domains, SearchDomains.Read(ResolverFile));

    /// <summary>
    /// What the DNS can be asked about: no address, no name that can be nobody's (RFC 2606 §2), and none of Multicast DNS
    /// (RFC 6762 §22.1).
    /// </summary>
    public static bool IsDomain(string text) =>
        TurnUri.TryParse($"turn:{text}", out var uri) && uri is { Port: null, Transport: null }
        && !IPAddress.TryParse(text.AsSpan().Trim("[]"), out _)
        && uri.Host.Split('.')[^1].ToLowerInvariant() is not ("" or "invalid" or DiscoveryWay.Local);
}
