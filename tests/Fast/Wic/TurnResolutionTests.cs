using System.Net;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Wic;

namespace Portunus.Tests.Fast.Wic;

/// <summary>RFC 5928 against a zone in the test; the examples of its §4 are among them.</summary>
public sealed class TurnResolutionTests
{
    static readonly TurnTransport[] All = [TurnTransport.Tls, TurnTransport.Tcp, TurnTransport.Udp];
    static readonly TurnTransport[] UdpOnly = [TurnTransport.Udp];

    /// <summary>Figures 1 and 2 of the RFC.</summary>
    static readonly Dictionary<string, string> Rfc = new()
    {
        ["NAPTR example.net"] =
            "200 10 - RELAY:turn.tcp:turn.tls stream.example.net|100 10 - RELAY:turn.udp datagram.example.net",
        ["NAPTR datagram.example.net"] = "100 10 S RELAY:turn.udp _turn._udp.example.net",
        ["NAPTR stream.example.net"] =
            "100 10 S RELAY:turn.tcp _turn._tcp.example.net|200 10 A RELAY:turn.tls a.example.net",
        ["SRV _turn._udp.example.net"] = "0 0 3478 a.example.net",
        ["SRV _turn._tcp.example.net"] = "0 0 5000 a.example.net",
        ["A a.example.net"] = "192.0.2.1",
        ["NAPTR example.com"] = "100 10 - RELAY:turn.udp:turn.tcp:turn.tls example.net",
    };

    readonly List<string> _asked = [];

    [Fact]
    public void The_first_example_of_RFC_5928_comes_out_as_its_table() => Assert.Equal(
        ["udp:192.0.2.1:3478", "tls:192.0.2.1:5349", "tcp:192.0.2.1:5000"], Find("turn:example.net", All, Rfc));

    [Fact]
    public void Remote_hosting_tries_the_protocols_as_the_application_prefers_them() => Assert.Equal(
        ["tls:192.0.2.1:5349", "tcp:192.0.2.1:5000", "udp:192.0.2.1:3478"], Find("turn:example.com", All, Rfc));

    [Fact]
    public void A_client_that_speaks_UDP_alone_is_led_to_UDP_alone() =>
        Assert.Equal(["udp:192.0.2.1:3478"], Find("turn:example.com", UdpOnly, Rfc));

    [Fact]
    public void A_secure_URI_is_led_to_TLS_alone() =>
        Assert.Equal(["tls:192.0.2.1:5349"], Find("turns:example.net", All, Rfc));

    [Theory]
    [InlineData("turn:192.0.2.7", "udp:192.0.2.7:3478")]
    [InlineData("turn:192.0.2.7:5000", "udp:192.0.2.7:5000")]
    [InlineData("turn:[2001:db8::7]:5000?transport=udp", "udp:[2001:db8::7]:5000")]
    public void An_address_asks_nothing(string uri, string server)
    {
        Assert.Equal([server], Find(uri, UdpOnly, []));
        Assert.Empty(_asked);
    }

    [Fact]
    public void An_address_without_a_transport_is_tried_over_all_in_the_clients_order() => Assert.Equal(
        ["tls:192.0.2.7:5349", "tcp:192.0.2.7:3478", "udp:192.0.2.7:3478"], Find("turn:192.0.2.7", All, []));

    [Fact]
    public void A_name_with_a_port_asks_for_addresses_of_both_families_only()
    {
        Assert.Equal(
            ["udp:192.0.2.2:99", "udp:[2001:db8::2]:99"],
            Find("turn:turn.example.net:99", UdpOnly, new()
            {
                ["A turn.example.net"] = "192.0.2.2", ["AAAA turn.example.net"] = "2001:db8::2",
            }));
        Assert.Equal(["A turn.example.net", "AAAA turn.example.net"], _asked);
    }

    [Fact]
    public void A_transport_without_a_port_asks_for_SRV_and_takes_its_priorities_in_order() => Assert.Equal(
        ["udp:192.0.2.3:3000", "udp:192.0.2.4:4000"],
        Find("turn:example.org?transport=udp", UdpOnly, new()
        {
            ["SRV _turn._udp.example.org"] = "20 0 4000 d.example.org|10 0 3000 c.example.org",
            ["A c.example.org"] = "192.0.2.3",
            ["A d.example.org"] = "192.0.2.4",
        }));

    [Theory]
    [InlineData("turn:example.org?transport=udp", "SRV _turn._udp.example.org")]
    [InlineData("turn:example.org", "NAPTR example.org")]
    public void Without_SRV_the_name_itself_and_the_default_port_are_taken(string uri, string first)
    {
        Assert.Equal(["udp:192.0.2.5:3478"], Find(uri, UdpOnly, new() { ["A example.org"] = "192.0.2.5" }));
        Assert.Equal(first, _asked[0]);
    }

    [Fact]
    public void A_secure_name_asks_for_the_service_turns() => Assert.Equal(
        ["tls:192.0.2.6:443"],
        Find("turns:example.org?transport=tcp", All, new()
        {
            ["SRV _turns._tcp.example.org"] = "0 0 443 e.example.org", ["A e.example.org"] = "192.0.2.6",
        }));

    [Fact]
    public void Pointers_of_other_applications_do_not_stand_in_the_way_of_SRV() => Assert.Equal(
        ["udp:192.0.2.5:1234"],
        Find("turn:example.org", UdpOnly, new()
        {
            ["NAPTR example.org"] = "10 10 S SIP+D2U _sip._udp.example.org",
            ["SRV _turn._udp.example.org"] = "0 0 1234 f.example.org",
            ["A f.example.org"] = "192.0.2.5",
        }));

    [Fact]
    public void A_domain_that_nobody_named_for_its_TURN_servers_is_believed_by_its_pointers_only()
    {
        var zone = new Dictionary<string, string>
        {
            ["SRV _turn._udp.example.org"] = "0 0 1234 f.example.org", ["A f.example.org"] = "192.0.2.5", ["A example.org"] = "192.0.2.5",
        };
        Assert.Equal(["udp:192.0.2.5:1234"], Find("turn:example.org", UdpOnly, zone));
        Assert.IsType<ResolutionStep.NoServer>(Step("turn:example.org", UdpOnly, zone, byPointersOnly: true));
        Assert.Equal(["NAPTR example.org"], _asked);
        var found = Step("turn:example.net", UdpOnly, Rfc, byPointersOnly: true);
        Assert.Equal("udp:192.0.2.1:3478", Assert.Single(Assert.IsType<ResolutionStep.Found>(found).Servers).ToString());
    }

    [Theory]
    [InlineData("224.0.0.251")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("ff02::fb")]
    [InlineData("fe80::1")]
    public void An_address_that_is_no_servers_own_is_passed_over(string address) =>
        Assert.IsType<ResolutionStep.NoServer>(Step("turn:turn.example.net:99", UdpOnly, new()
        {
            [address.Contains(':') ? "AAAA turn.example.net" : "A turn.example.net"] = address,
        }));

    [Fact]
    public void A_domain_that_relays_over_other_protocols_only_is_believed() =>
        Assert.IsType<ResolutionStep.NoServer>(Step("turn:example.org", UdpOnly, new()
        {
            ["NAPTR example.org"] = "10 10 A RELAY:turn.tcp a.example.org", ["A example.org"] = "192.0.2.5",
        }));

    [Fact]
    public void A_target_of_a_dot_says_that_there_is_no_server() =>
        Assert.IsType<ResolutionStep.NoServer>(Step("turn:example.org?transport=udp", UdpOnly, new()
        {
            ["SRV _turn._udp.example.org"] = "0 0 0 .", ["A example.org"] = "192.0.2.5",
        }));

    [Theory]
    [InlineData("turns:192.0.2.1")]
    [InlineData("turn:192.0.2.1?transport=tcp")]
    [InlineData("turns:192.0.2.1?transport=udp")]
    [InlineData("turn:192.0.2.1?transport=sctp")]
    public void A_transport_that_is_not_spoken_ends_it_before_any_question(string uri)
    {
        Assert.IsType<ResolutionStep.WrongTransport>(Step(uri, UdpOnly, []));
        Assert.Empty(_asked);
    }

    [Fact]
    public void A_circle_of_pointers_ends()
    {
        Assert.IsType<ResolutionStep.NoServer>(Step("turn:a.example", UdpOnly, new()
        {
            ["NAPTR a.example"] = "1 1 - RELAY:turn.udp b.example|2 1 - RELAY:turn.udp a.example",
            ["NAPTR b.example"] = "1 1 - RELAY:turn.udp a.example",
        }));
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public void Circles_within_circles_of_pointers_end_too()
    {
        var zone = new Dictionary<string, string>
        {
            ["NAPTR a.example"] = string.Join('|', Enumerable.Range(0, 1000).Select(i => $"{i} 1 - RELAY:turn.udp a.example")),
        };
        Assert.IsType<ResolutionStep.NoServer>(Step("turn:a.example", UdpOnly, zone));
        Assert.Single(_asked);
    }

    [Fact]
    public void A_domain_in_bad_faith_makes_us_ask_32_questions_at_most()
    {
        var zone = new Dictionary<string, string>
        {
            ["SRV _turn._udp.example.org"] = string.Join('|', Enumerable.Range(0, 200).Select(i => $"{i} 0 1 h{i}.example.org")),
        };
        Assert.IsType<ResolutionStep.NoServer>(Step("turn:example.org?transport=udp", UdpOnly, zone));
        Assert.Equal(32, _asked.Count);
    }

    [Fact]
    public void Weights_of_one_priority_share_the_first_place()
    {
        var zone = new Dictionary<string, string>
        {
            ["SRV _turn._udp.example.org"] = "0 3 1 a.example.org|0 1 2 b.example.org|0 0 3 c.example.org",
            ["A a.example.org"] = "192.0.2.1",
            ["A b.example.org"] = "192.0.2.1",
            ["A c.example.org"] = "192.0.2.1",
        };
        var first = Enumerable.Range(0, 2000).Select(i => Find("turn:example.org?transport=udp", UdpOnly, zone, (ulong)i)[0])
            .CountBy(server => server).ToDictionary(pair => pair.Key, pair => pair.Value);
        // A lot of 0 to 4: one for the weight of 0, three for 3, one for 1.
        Assert.InRange(first["udp:192.0.2.1:1"], 1100, 1300);
        Assert.InRange(first["udp:192.0.2.1:2"], 300, 500);
        Assert.InRange(first["udp:192.0.2.1:3"], 300, 500);
    }

    string[] Find(string uri, TurnTransport[] transports, Dictionary<string, string> zone, ulong seed = 1) =>
        [.. Assert.IsType<ResolutionStep.Found>(Step(uri, transports, zone, seed)).Servers.Select(server => server.ToString())];

    ResolutionStep Step(
        string uri, TurnTransport[] transports, Dictionary<string, string> zone, ulong seed = 1, bool byPointersOnly = false)
    {
        Assert.True(TurnUri.TryParse(uri, out var parsed));
        _asked.Clear();
        var resolution = new TurnResolution(parsed, transports, new SeededRandom(seed)) { IsByPointersOnly = byPointersOnly };
        while (true)
        {
            if (resolution.Run() is not ResolutionStep.Ask(var question)) return resolution.Run();
            Assert.DoesNotContain(question.ToString(), _asked);
            _asked.Add(question.ToString());
            var lines = zone.GetValueOrDefault(question.ToString())?.Split('|') ?? [];
            resolution.OnAnswer(question, [.. lines.Select(line => Record(question.Type, line.Split(' ')))]);
        }
    }

    static DnsRecord Record(DnsType type, string[] words) => type switch
    {
        DnsType.Srv => new DnsRecord.Service(Number(words[0]), Number(words[1]), Number(words[2]), words[3].TrimEnd('.')),
        DnsType.Naptr => new DnsRecord.Pointer(
            Number(words[0]), Number(words[1]), words[2].TrimEnd('-'), words[3], "", words[4]),
        _ => new DnsRecord.Address(IPAddress.Parse(words[0])),
    };

    static ushort Number(string text) => ushort.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
