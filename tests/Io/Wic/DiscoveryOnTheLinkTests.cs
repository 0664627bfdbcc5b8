using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Tests.Io.Commands;
using Portunus.Wic;

namespace Portunus.Tests.Io.Wic;

/// <summary>
/// Servers that the network tells of (RFC 8155 §4.1.1, §5.1, §6): by resolv.conf, by a responder of Multicast DNS on loopback, at a
/// port of its own, and at an address in place of anycast.
/// </summary>
public sealed class DiscoveryOnTheLinkTests(TurnProcess turn) : IClassFixture<TurnProcess>, IDisposable
{
    static readonly IPAddress Group = IPAddress.Parse("224.0.0.251");

    readonly List<TimelineStep> _steps = [];
    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_neighbour_that_answers_by_multicast_gives_a_relay_to_who_has_a_token()
    {
        using var neighbour = Announce(new(Group));
        Assert.Equal(20, (await RelayAsync(Plan(neighbour), Token())).Returned);
        Assert.Equal($"mDNS: udp:{turn.Listeners[0]}", Found[0]);
    }

    [Fact]
    public async Task A_password_is_shown_to_a_neighbour_only_where_its_network_is_trusted()
    {
        using var neighbour = Announce(new(Group));
        var plan = Plan(neighbour);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => RelayAsync(plan, Password()));
        Assert.Contains($"not shown to {turn.Listeners[0]}", refused.Message, StringComparison.Ordinal);
        Assert.Equal($"mDNS: not trusted, not asked: udp:{turn.Listeners[0]}", Found[0]);
        Assert.DoesNotContain(_steps, step => step.Name == "allocate");
        plan = plan with { Trust = new([IPNetwork.Parse("127.0.0.0/8")]) };
        Assert.Equal(20, (await RelayAsync(plan, Password())).Returned);
    }

    [Fact]
    public async Task An_answer_from_another_port_than_that_of_Multicast_DNS_is_not_heard()
    {
        using var elsewhere = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        elsewhere.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var neighbour = Announce(new(Group, elsewhere));
        await Assert.ThrowsAsync<RefusedException>(() => RelayAsync(Plan(neighbour) with { Tries = 2 }, Token()));
        Assert.Equal("mDNS: none", Found[0]);
        Assert.Contains(neighbour.Asked, question => $"{question}" == "PTR _turn._udp.local");
    }

    [Fact]
    public async Task Neighbours_are_not_asked_for_names_of_the_DNS()
    {
        using var neighbour = new NameServer(Group)
            .Instance("_turn._udp.local", "relay")
            .Service("relay._turn._udp.local", 0, turn.Listeners[0].Port, "turn.example.net")
            .Address("turn.example.net", IPAddress.Loopback);
        await Assert.ThrowsAsync<RefusedException>(() => RelayAsync(Plan(neighbour), Token()));
        Assert.Equal("mDNS: none", Found[0]);
        Assert.DoesNotContain(neighbour.Asked, question => question.Name == "turn.example.net");
    }

    [Fact]
    public async Task The_last_way_is_anycast_and_the_server_there_sends_on_to_its_own_address()
    {
        string[] words =
        [
            "turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", "example.org", "--user", "alice:wonderland",
            "--redirect", "always", "--alternate", $"{turn.Listeners[0]}",
        ];
        using var nearest = PortunusProcess.Serve(words);
        var plan = Plan(null) with { Anycast = [new(TurnTransport.Udp, nearest.Listeners[0])] };
        Assert.Equal(20, (await RelayAsync(plan, Password() with { IsGuessable = false })).Returned);
        Assert.Equal(["mDNS: none", $"anycast: udp:{nearest.Listeners[0]}"], Found);
        Assert.Equal(["find", "find", "allocate", "allocate"], _steps.Select(step => step.Name).Take(4));
    }

    [Fact]
    public async Task The_search_domain_of_the_system_is_the_networks_word_and_trusted_as_such()
    {
        using var dns = new NameServer()
            .Pointer("corp.example", 100, "a", "RELAY:turn.udp", "turn.corp.example")
            .Address("turn.corp.example", IPAddress.Parse("192.0.2.1"));
        var resolver = Path.Combine(_folder, "resolv.conf");
        File.WriteAllText(resolver, "domain first.example\nnameserver 192.0.2.53\nsearch corp.example. 10.0.0.1 local # so\n");
        var plan = Plan(null) with { ResolverFile = resolver, LongestSearch = TimeSpan.FromSeconds(60) };
        await Assert.ThrowsAsync<RefusedException>(() => RelayAsync(plan, Password(), new(dns.EndPoint)));
        Assert.Equal("S-NAPTR of corp.example: not trusted, not asked: udp:192.0.2.1:3478", Found[0]);
        Assert.DoesNotContain(dns.Asked, question => question.Name.Contains("first.example", StringComparison.Ordinal));
        Assert.DoesNotContain(dns.Asked, question => question.Name.EndsWith("local", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_found_server_that_says_nothing_is_waited_for_no_longer_than_the_patience()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var plan = Plan(null) with
        {
            Anycast = [new(TurnTransport.Udp, TransportAddress.From((IPEndPoint)silent.LocalEndPoint!))],
            Patience = TimeSpan.FromSeconds(1),
        };
        await Assert.ThrowsAsync<RefusedException>(() => RelayAsync(plan, Token()));
        Assert.Contains("did not answer within 1 s", _steps.Single(step => step.Name == "allocate").Detail, StringComparison.Ordinal);
    }

    /// <summary>What was found in which way, in its order.</summary>
    string[] Found => [.. _steps.Where(step => step.Name == "find").Select(step => step.Detail)];

    NameServer Announce(NameServer neighbour) => neighbour
        .Instance("_turn._udp.local", "the house")
        .Service("the house._turn._udp.local", 0, turn.Listeners[0].Port, "relay.local")
        .Address("relay.local", IPAddress.Loopback);

    /// <summary>Nothing but loopback, and as patient as a busy machine needs.</summary>
    static DiscoveryPlan Plan(NameServer? neighbour) => new()
    {
        ResolverFile = "/nowhere",
        Group = new(Group, neighbour?.EndPoint.Port ?? 9),
        Tries = neighbour is null ? 1 : 30,
        LongestSearch = TimeSpan.FromSeconds(60),
        Patience = TimeSpan.FromSeconds(60),
        Anycast = [],
    };

    static TurnAccess Token()
    {
        using var issuer = new TokenIssuer(TokenKey.Parse(TurnProcess.Key), TurnProcess.ServerName, new SystemRandom());
        return new([], new() { Token = issuer.Issue(SystemClock.Now, issuer.DrawId(), 600) });
    }

    static TurnAccess Password() => new([], new() { Username = "alice", Password = "wonderland" }) { IsGuessable = true };

    async Task<MediaReport> RelayAsync(DiscoveryPlan discovery, TurnAccess access, DnsLookup? dns = null)
    {
        _steps.Clear();
        var plan = new WicPlan
        {
            Access = access, Discovery = discovery, From = IPAddress.Loopback, Media = new(20, TimeSpan.FromMilliseconds(5)),
            Dns = dns ?? new DnsLookup(),
        };
        return await RelayJourney.RunAsync(plan, new(_steps.Add), TestContext.Current.CancellationToken);
    }
}
