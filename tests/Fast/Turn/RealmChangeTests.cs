using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Turn;
using static Portunus.Tests.Fast.Turn.RealmStand;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Realms that come, change and go while the server runs; realms that edges push to; and what is no set of realms.</summary>
public class RealmChangeTests
{
    [Fact]
    public void A_realm_that_comes_is_known_at_once_and_the_nonces_of_the_others_stay_good()
    {
        var stand = New(Sources with { Further = [Sources.Further[0]] });
        var client = Client(stand, Tenant, "looking-glass");
        Assert.Equal(First, new TurnClient(stand).Bare(StunMethod.Allocate, From(OtherOrigin)).Realm);
        stand.Order(new TurnOrder.UseVerifier(new CredentialVerifier(Sources)));
        Assert.Equal(0, client.Allocate().Code);
        Assert.Equal(0, Client(stand, Other, "red queen", "203.0.113.78:1").Allocate().Code);
    }

    [Fact]
    public void Of_a_realm_that_goes_nothing_begins_and_nothing_is_refreshed()
    {
        var stand = New();
        var client = Client(stand, Tenant, "looking-glass");
        Assert.Equal(0, client.Allocate().Code);
        stand.Order(new TurnOrder.UseVerifier(new CredentialVerifier(Sources with { Further = [] })));
        var reply = client.Refresh();
        Assert.Equal((438, First), (reply.Code, reply.Realm));
        stand.Pass(601);
        Assert.Empty(stand.Ledger.Sessions());
        Assert.Equal(0, stand.Server.Kept);
    }

    [Fact]
    public void Nonces_of_every_realm_outlive_one_turn_of_the_keys_and_tokens_open_after_it()
    {
        var stand = New(WithTokens);
        var client = Client(stand, Tenant, "looking-glass");
        stand.Order(new TurnOrder.UseNonceKeys(stand.Keys = stand.Keys.Rotate(new SeededRandom(5))));
        Assert.Equal(0, client.Allocate().Code);
        var holder = new TokenClient(stand, "203.0.113.78:1");
        holder.Take(TokenClient.Mint(stand.Now, TenantKey, server: Tenant));
        Assert.Equal(0, holder.Allocate().Code);
    }

    [Fact]
    public void What_an_edge_pushed_for_one_realm_counts_there_alone_and_ends_there_alone()
    {
        var first = new PushedCredentials(First, new SeededRandom(7));
        var tenant = new PushedCredentials(Tenant, new SeededRandom(8), isFurther: true);
        var stand = New(Sources with { Pushed = first, Further = [Sources.Further[0] with { Pushed = tenant }] });
        foreach (var (table, password) in new[] { (first, "one"), (tenant, "two") })
            table.Put(stand.Now, "edge1", Pushed(stand, table.Realm, password), null, []);
        Assert.Equal(401, Client(stand, First, "two", name: "w1").Allocate().Code);
        Assert.Equal(0, Client(stand, First, "one", "203.0.113.1:1", "w1").Allocate().Code);
        Assert.Equal(0, Client(stand, Tenant, "two", "203.0.113.2:1", "w1").Allocate().Code);
        stand.Order(new TurnOrder.Revoke([tenant.ChargedFor("reg-w1")]));
        Assert.Equal(PushedCredentials.SubjectOf("reg-w1"), Assert.Single(stand.Ledger.Sessions()).Subject);
    }

    [Fact]
    public void A_realm_an_origin_or_a_name_that_would_mean_two_is_refused_with_its_name()
    {
        Refused("tenant.example.org", Sources.Further[0], Sources.Further[0] with { Origins = [] });
        Refused(First, Sources.Further[0] with { Realm = First });
        Refused(TenantOrigin, Sources.Further[0], Sources.Further[1] with { Origins = [TenantOrigin] });
        Refused("quota", Sources.Further[0] with { TotalQuota = 0 });
        Refused("realm", Sources.Further[0] with { Realm = "" });
        Refused("realm", Sources.Further[0] with { Realm = new('r', 128) });
        Refused("256", [.. Enumerable.Range(0, 257).Select(i => new CredentialSources { Realm = $"r{i}" })]);

        static void Refused(string name, params CredentialSources[] further) => Assert.Contains(
            name, Assert.Throws<ArgumentException>(() => new CredentialVerifier(Sources with { Further = [.. further] })).Message,
            StringComparison.Ordinal);
    }

    static PushedCredential Pushed(TurnStand stand, string realm, string password)
    {
        Assert.True(LongTermKey.TryDerive(PasswordAlgorithm.Md5, "w1", realm, password, out var md5));
        Assert.True(LongTermKey.TryDerive(PasswordAlgorithm.Sha256, "w1", realm, password, out var sha256));
        return new(realm, "w1", md5, sha256, stand.Now.UnixSeconds + 600, "reg-w1", 1, CredentialLimits.None);
    }
}
