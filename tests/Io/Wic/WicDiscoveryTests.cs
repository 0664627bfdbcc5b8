using System.Net;
using Portunus.Bedrock;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Wic;

/// <summary><c>portunus wic relay --turn auto</c> with a name server of the test (RFC 8155).</summary>
public sealed class WicDiscoveryTests(TurnProcess turn) : IClassFixture<TurnProcess>, IDisposable
{
    static readonly string[] Short = ["--seconds", "1", "--rate", "200"];

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_domain_of_the_users_name_leads_to_a_relay_by_its_pointers()
    {
        using var dns = new NameServer()
            .Pointer("example.net", 100, "s", "RELAY:turn.udp", "_turn._udp.example.net")
            .Service("_turn._udp.example.net", 10, turn.Listeners[0].Port, "turn.example.net")
            .Address("turn.example.net", IPAddress.Loopback);
        var secret = Secret("sha256:north");
        string[] words = ["--turn", "auto", "--turn-user", "alice@example.net", "--turn-secret", secret];
        var run = WicRun.Of(["relay", .. words, .. Dns(dns), .. Short]);
        run.AssertNoLoss(200);
        Assert.Equal($"S-NAPTR of example.net: udp:{turn.Listeners[0]}", run.Detail("find"));
        // The echo is behind the server that was found, and is not searched for.
        Assert.Equal(["find", "allocate", "echo"], run.Steps.Take(3));
    }

    [Fact]
    public void A_domain_without_pointers_is_browsed_for_instances_and_not_for_its_own_address()
    {
        using var dns = new NameServer()
            .Instance("_turn._udp.example.net", "the house")
            .Service("the house._turn._udp.example.net", 10, turn.Listeners[0].Port, "turn.example.net")
            .Address("turn.example.net", IPAddress.Loopback)
            .Address("example.net", IPAddress.Parse("192.0.2.1"));
        var run = WicRun.Of(["relay", "--turn", "auto:example.net", .. Credential, .. Dns(dns), .. Short]);
        run.AssertNoLoss(200);
        Assert.Equal(["find", "find", "allocate", "echo"], run.Steps.Where(step => step != "permit").Take(4));
        Assert.Equal("S-NAPTR of example.net: none", run.Detail("find"));
        Assert.DoesNotContain(dns.Asked, question => question.Name == "example.net" && question.Type == Portunus.Wic.DnsType.A);
    }

    [Fact]
    public void What_is_named_comes_first_and_what_is_found_where_it_gives_no_relay()
    {
        using var dns = new NameServer()
            .Pointer("example.net", 100, "a", "RELAY:turn.udp", "turn.example.net")
            .Address("turn.example.net", IPAddress.Parse("192.0.2.1"));
        string[] words = ["relay", "--turn", "auto:example.net", "--turn", $"turn:{turn.Listeners[0]}"];
        words = [.. words, .. Credential, .. Dns(dns), .. Short];
        var run = WicRun.Of(words);
        run.AssertNoLoss(200);
        Assert.Empty(dns.Asked);
        Assert.DoesNotContain("find", run.Steps);

        using var other = new NameServer()
            .Pointer("example.net", 100, "s", "RELAY:turn.udp", "_turn._udp.example.net")
            .Service("_turn._udp.example.net", 10, turn.Listeners[0].Port, "turn.example.net")
            .Address("turn.example.net", IPAddress.Loopback);
        words = ["relay", "--turn", "turn:127.0.0.1:9", "--turn", "auto:example.net", .. Credential, .. Dns(other), .. Short];
        run = WicRun.Of(words);
        run.AssertNoLoss(200);
        Assert.Equal(["allocate", "find", "allocate"], run.Steps.Take(3));
    }

    string[] Credential => ["--turn-user", "alice", "--turn-password", Secret("wonderland")];

    static string[] Dns(NameServer dns) => ["--dns", $"{dns.EndPoint}"];

    string Secret(string secret)
    {
        var file = Path.Combine(_folder, Path.GetRandomFileName());
        File.WriteAllText(file, secret);
        return $"@{file}";
    }
}
