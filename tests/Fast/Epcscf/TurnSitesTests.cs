using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;

namespace Portunus.Tests.Fast.Epcscf;

public class TurnSitesTests
{
    static readonly Instant Start = Instant.FromUnixSeconds(1_700_000_000);

    [Fact]
    public void A_registration_keeps_its_servers_and_loses_only_one_that_is_taken_away()
    {
        var all = Enumerable.Range(1, 6).Select(i => Site($"turn{i}")).ToArray();
        var (six, five) = (new TurnSites(all, most: 2), new TurnSites(all[..5], most: 2));
        foreach (var opaque in Opaques(100))
        {
            var before = Names(six, opaque);
            Assert.Equal(before, Names(six, opaque));
            Assert.Equal(before.Where(name => name != "turn6"), Names(five, opaque).Where(before.Contains));
        }
    }

    [Fact]
    public void A_server_of_three_times_the_weight_gets_three_times_the_registrations()
    {
        var sites = new TurnSites([Site("light"), Site("heavy") with { Weight = 3 }, Site("none") with { Weight = 0 }], most: 1);
        var counts = Opaques(4000).GroupBy(opaque => Names(sites, opaque)[0]).ToDictionary(g => g.Key, g => g.Count());
        Assert.False(counts.ContainsKey("none"));
        Assert.InRange(counts["heavy"] / (double)counts["light"], 2.6, 3.4);
    }

    [Fact]
    public void Servers_of_the_edges_own_region_are_offered_and_others_only_where_there_is_none()
    {
        TurnSite[] all = [Site("here") with { Region = "eu" }, Site("there") with { Region = "us" }];
        Assert.Equal(["here"], Names(new(all, "eu"), "0123456789ab"));
        Assert.Equal(["here", "there"], Names(new(all, "asia"), "0123456789ab").Order());
    }

    [Theory]
    [InlineData(null, "", "turn:a1?transport=udp turn:a2?transport=udp turns:a1?transport=tcp")]
    [InlineData("b.example.net", "", "turn:b1?transport=tcp")]
    [InlineData("c.example.net", "", "")]
    [InlineData(null, "tls", "turns:a1?transport=tcp")]
    [InlineData(null, "dtls", "")]
    public void Realm_and_transports_choose_among_the_URIs_and_UDP_comes_first(string? realm, string transports, string expected)
    {
        var sites = new TurnSites(
        [
            new("a1", "a.example.net", Home.Uri("turns:a1?transport=tcp"), Home.Uri("turn:a1?transport=udp")),
            new("a2", "a.example.net", Home.Uri("turn:a2?transport=udp")),
            new("b1", "b.example.net", Home.Uri("turn:b1?transport=tcp")),
        ]);
        var wish = Wish("0123456789ab", realm, transports.Split(',', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            TurnSites.UrisOf(sites.For(wish)).Select(uri => uri.ToString()).Order());
        if (expected.StartsWith("turn:a1", StringComparison.Ordinal))
            Assert.Equal("turns:a1?transport=tcp", TurnSites.UrisOf(sites.For(wish))[^1].ToString());
    }

    static TurnSite Site(string name) => new(name, Home.Domain, Home.Uri($"turn:{name}.example.net"));

    static IEnumerable<string> Opaques(int count)
    {
        var random = new SeededRandom(1);
        return Enumerable.Range(0, count).Select(_ => random.NextToken(16)).ToArray();
    }

    static string[] Names(TurnSites sites, string opaque) => [.. sites.For(Wish(opaque)).Select(site => site.Name)];

    static CredentialWish Wish(string opaque, string? realm = null, params IReadOnlyList<string> transports) =>
        new(new TurnCredentialRequest(["password"], realm, transports), opaque, Start, Scenario.Digest);
}
