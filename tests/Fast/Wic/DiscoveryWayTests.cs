using System.Net;
using Portunus.Bedrock;
using Portunus.Wic;

namespace Portunus.Tests.Fast.Wic;

/// <summary>Which ways to a TURN server are gone in which order (RFC 8155 §3), and what is shown to whom (§9).</summary>
public sealed class DiscoveryWayTests
{
    static readonly TurnServerAddress Server = new(TurnTransport.Udp, TransportAddress.From(IPAddress.Parse("10.1.2.3"), 3478));

    [Fact]
    public void The_users_domain_comes_before_those_of_the_network_and_then_the_link_and_anycast() => Assert.Equal(
        [
            "S-NAPTR of example.net", "S-NAPTR of corp.example", "DNS-SD of example.net", "DNS-SD of corp.example", "mDNS", "anycast",
        ],
        DiscoveryWay.InOrder(["example.net"], ["corp.example", "Example.NET"]).Select(way => $"{way}"));

    [Fact]
    public void The_anycast_addresses_are_those_of_IANA() =>
        Assert.Equal(["udp:192.0.0.10:3478", "udp:[2001:1::2]:3478"], DiscoveryWay.AnycastServers.Select(server => $"{server}"));

    [Fact]
    public void What_a_person_may_have_chosen_goes_to_the_users_domain_and_to_trusted_networks_only()
    {
        var ways = DiscoveryWay.InOrder(["example.net"], ["corp.example"]);
        var nobody = new DiscoveryTrust([]);
        Assert.Equal(
            ["S-NAPTR of example.net", "DNS-SD of example.net"],
            ways.Where(way => nobody.MayAsk(way, Server, isGuessable: true)).Select(way => $"{way}"));
        Assert.All(ways, way => Assert.True(nobody.MayAsk(way, Server, isGuessable: false)));
        Assert.All(ways, way => Assert.True(new DiscoveryTrust([IPNetwork.Parse("10.1.0.0/16")]).MayAsk(way, Server, true)));
        Assert.False(new DiscoveryTrust([IPNetwork.Parse("10.2.0.0/16")]).MayAsk(ways[^1], Server, true));
    }
}
