using System.Net;
using Portunus.Simulation;
using Portunus.Wic;

namespace Portunus.Tests.Fast.Wic;

/// <summary>DNS Service Discovery of TURN (RFC 8155 §5) against a zone in the test.</summary>
public sealed class TurnBrowsingTests
{
    const string House = @"the\032house._turn._udp.example.net";

    readonly Dictionary<DnsQuestion, DnsRecord[]> _zone = [];
    readonly List<string> _asked = [];

    [Fact]
    public void An_instance_leads_over_its_SRV_to_an_address()
    {
        _zone[new("_turn._udp.example.net", DnsType.Ptr)] = [new DnsRecord.Instance(House)];
        _zone[new(House, DnsType.Srv)] = [new DnsRecord.Service(0, 0, 5000, "relay.example.net")];
        _zone[new("relay.example.net", DnsType.A)] = [new DnsRecord.Address(IPAddress.Parse("192.0.2.9"))];
        Assert.Equal(["udp:192.0.2.9:5000"], Find([TurnTransport.Udp]));
        Assert.Equal(["PTR _turn._udp.example.net", $"SRV {House}", "A relay.example.net", "AAAA relay.example.net"], _asked);
    }

    [Fact]
    public void Each_transport_has_the_name_that_the_RFC_gives_it_and_only_those_spoken_are_asked_for()
    {
        Assert.Empty(Find([TurnTransport.Udp, TurnTransport.Tcp, TurnTransport.Tls]));
        Assert.Equal(["PTR _turn._udp.example.net", "PTR _turn._tcp.example.net", "PTR _turns._tcp.example.net"], _asked);
    }

    [Theory]
    [InlineData("a._turn._tcp.example.net")]
    [InlineData("a._turn._udp.example.com")]
    [InlineData("_turn._udp.example.net")]
    [InlineData("")]
    public void A_pointer_out_of_the_service_is_not_followed(string instance)
    {
        _zone[new("_turn._udp.example.net", DnsType.Ptr)] = [new DnsRecord.Instance(instance)];
        Assert.Empty(Find([TurnTransport.Udp]));
        Assert.Single(_asked);
    }

    [Fact]
    public void Of_a_thousand_instances_eight_are_looked_at()
    {
        _zone[new("_turn._udp.example.net", DnsType.Ptr)] =
            [.. Enumerable.Range(0, 1000).Select(i => new DnsRecord.Instance($"i{i}._turn._udp.example.net"))];
        Assert.Empty(Find([TurnTransport.Udp]));
        Assert.Equal(9, _asked.Count);
    }

    [Fact]
    public void A_port_of_zero_is_no_server()
    {
        _zone[new("_turn._udp.example.net", DnsType.Ptr)] = [new DnsRecord.Instance(House)];
        _zone[new(House, DnsType.Srv)] = [new DnsRecord.Service(0, 0, 0, "relay.example.net")];
        _zone[new("relay.example.net", DnsType.A)] = [new DnsRecord.Address(IPAddress.Parse("192.0.2.9"))];
        Assert.Empty(Find([TurnTransport.Udp]));
    }

    string[] Find(TurnTransport[] spoken)
    {
        var browsing = new TurnBrowsing("example.net", spoken, new SeededRandom(1));
        ResolutionStep step;
        while ((step = browsing.Run()) is ResolutionStep.Ask(var question))
        {
            _asked.Add($"{question}");
            browsing.OnAnswer(question, _zone.GetValueOrDefault(question) ?? []);
        }

        return step is ResolutionStep.Found(var servers) ? [.. servers.Select(server => $"{server}")] : [];
    }
}
