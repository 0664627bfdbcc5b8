using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.HomeCore;
using Portunus.Simulation;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>
/// The revocation feed at the edge: credentials of which no TURN server was told, Approach 1's and tokens, end with their
/// registration all the same.
/// </summary>
public class RevocationTests
{
    const string Ask = "Turn-Credential-Request";

    [Theory]
    [InlineData("A1", "password", "deregistration")]
    [InlineData("A1", "password", "expiry")]
    [InlineData("A1", "password", "loss")]
    [InlineData("A1", "password", "order")]
    [InlineData("A1", "password", "core")]
    [InlineData("Combined", "oauth", "deregistration")]
    [InlineData("Combined", "oauth", "expiry")]
    [InlineData("Combined", "oauth", "loss")]
    [InlineData("Combined", "oauth", "order")]
    [InlineData("Combined", "oauth", "core")]
    [InlineData("Combined", "password", "core")]
    public void The_end_of_a_registration_denies_its_id_until_its_last_credential_is_over(string way, string type, string end)
    {
        var home = new Home(provisioning: Revocable(way));
        var alice = new Browser(home, 1, "alice");
        Assert.True(alice.Register(600, (Ask, type)).Has("Turn-Credential"));
        var id = Assert.Single(home.Edge.Registrations()).Id;
        var given = home.Now.UnixSeconds + 660;
        Assert.Empty(home.Revoked);
        switch (end)
        {
            case "deregistration":
                alice.Register(expires: 0);
                break;
            case "expiry":
                home.Pass(TimeSpan.FromSeconds(601));
                break;
            case "loss":
                home.Close(alice.Flow);
                Assert.Empty(home.Revoked);
                home.Pass(TimeSpan.FromSeconds(30));
                break;
            case "order":
                Assert.True(home.Order(new EdgeOrder.End(id)));
                break;
            case "core":
                // Time for the edge's subscription.
                home.Pass(TimeSpan.Zero);
                Assert.Equal(1, home.Order(new CscfOrder.Deregister(alice.Identity, DeregistrationReason.Deactivated)));
                home.Pass(TimeSpan.FromSeconds(2));
                break;
        }

        Assert.Empty(home.Edge.Registrations());
        var revoked = Assert.Single(home.Revoked);
        Assert.Equal((Home.Domain, id), (revoked.Realm, revoked.Id));
        Assert.Equal(["turn1", "turn2"], revoked.Servers);
        // And a little longer, for clocks and for what a token counts beyond its life.
        Assert.InRange(revoked.Expires, given + AccessToken.Delta, given + 70);
        Assert.Empty(home.Withdrawn);
    }

    [Fact]
    public void The_latest_of_all_credentials_counts_and_one_that_was_bought_by_HTTP_does_too()
    {
        var home = TokenStand.Open(provisioning: Revocable("A1"));
        var alice = TokenStand.Wic(home, 1, "alice", "token-a");
        alice.Register(600);
        home.ToWeb(home.Tokens["token-a"]);
        Assert.Equal(200, home.Web[^1].Status);
        var ttl = home.Web[^1].Credential!.Ttl;
        var given = home.Now.UnixSeconds + ttl;
        home.Pass(TimeSpan.FromSeconds(10));
        alice.Register(expires: 0);
        Assert.InRange(Assert.Single(home.Revoked).Expires, given + AccessToken.Delta, given + 70);
    }

    [Fact]
    public void What_lives_longer_than_its_credential_is_ended_and_what_cannot_live_any_more_is_not_spoken_of()
    {
        var day = TimeSpan.FromDays(1);
        foreach (var (hours, isTold) in new[] { (1.5, true), (2.5, false) })
        {
            var home = new Home(core: Home.CoreSettings with { LongestExpiry = day }, provisioning: Revocable("A1"));
            var alice = new Browser(home, 1, "alice");
            // For an hour: credentials have no longer life.
            alice.Register(86_400, (Ask, "password"));
            home.Pass(TimeSpan.FromHours(hours));
            alice.Register(expires: 0);
            Assert.Equal(isTold, home.Revoked.Count == 1);
            if (isTold) Assert.True(home.Revoked[0].Expires >= home.Now.UnixSeconds + 60);
        }
    }

    [Fact]
    public void Without_a_credential_or_without_the_feed_nothing_is_told()
    {
        var home = new Home(provisioning: Revocable("A1"));
        var alice = new Browser(home, 1, "alice");
        alice.Register();
        alice.Register(expires: 0);
        Assert.Empty(home.Revoked);
        home = new Home(provisioning: Way("A1"));
        alice = new Browser(home, 1, "alice");
        alice.Register(600, (Ask, "password"));
        alice.Register(expires: 0);
        Assert.Empty(home.Revoked);
    }

    static RevocableProvisioning Revocable(string way) => new(Way(way), Sites());

    static IProvisioning Way(string way)
    {
        var secret = new SharedSecretProvisioning([new(new SharedSecret(SecretHash.Sha1, "first"u8))], Sites());
        var key = new TokenKey("edge-1", TokenAlgorithm.A256Gcm, Home.Key.Span);
        return way == "A1" ? secret : new CombinedProvisioning(
            new OAuthProvisioning(
                Sites(), new Dictionary<string, TokenKey> { ["turn1"] = key, ["turn2"] = key }, new SeededRandom(2)),
            secret);
    }

    static TurnSites Sites() => new([Site("turn1"), Site("turn2")]);

    static TurnSite Site(string name) => new(name, Home.Domain, Home.Uri($"turn:{name}.example.net:3478?transport=udp"));
}
