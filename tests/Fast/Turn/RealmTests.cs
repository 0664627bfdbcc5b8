using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;
using static Portunus.Tests.Fast.Turn.RealmStand;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Several realms of one server: whose credential counts where, and what belongs to whom.</summary>
public class RealmTests
{
    [Theory]
    [InlineData(First, "wonderland")]
    [InlineData(Tenant, "looking-glass")]
    [InlineData(Other, "red queen")]
    public void One_name_has_in_each_realm_its_own_password(string realm, string password)
    {
        var stand = New();
        Assert.Equal(0, Client(stand, realm, password).Allocate().Code);
        foreach (var wrong in new[] { "wonderland", "looking-glass", "red queen" }.Where(one => one != password))
        {
            var reply = Client(stand, realm, wrong, "203.0.113.78:1").Allocate();
            Assert.Equal((401, realm), (reply.Code, reply.Realm));
        }

        Assert.Equal(realm, Assert.Single(stand.Ledger.Sessions()).Realm);
    }

    [Fact]
    public void A_user_of_one_realm_is_unknown_in_the_others()
    {
        var stand = New();
        Assert.Equal(401, Client(stand, First, "singer", name: "carol").Allocate().Code);
        Assert.Equal(401, Client(stand, Other, "singer", name: "carol").Allocate().Code);
        Assert.Equal(401, Client(stand, Tenant, "builder", name: "bob").Allocate().Code);
        Assert.Equal(0, Client(stand, Tenant, "singer", name: "carol").Allocate().Code);
    }

    [Fact]
    public void A_nonce_of_one_realm_is_none_in_another_and_answered_438_with_one_of_that()
    {
        var stand = New();
        var client = Client(stand, First, "looking-glass");
        client.Realm = Tenant;
        var reply = client.Allocate();
        Assert.Equal((438, Tenant), (reply.Code, reply.Realm));
        client.Nonce = reply.Nonce;
        Assert.Equal(0, client.Allocate().Code);
    }

    [Theory]
    [InlineData(Tenant, "looking-glass")]
    [InlineData(Other, "red queen")]
    public void The_same_name_of_another_realm_can_do_nothing_with_an_allocation_but_meet_441(string realm, string password)
    {
        var stand = New();
        var owner = Client(stand, First, "wonderland");
        Assert.Equal(0, owner.Allocate().Code);
        var stranger = Client(stand, realm, password);
        Assert.Equal(441, stranger.Refresh().Code);
        Assert.Equal(441, stranger.Refresh(0).Code);
        Assert.Equal(441, stranger.Permit("9.9.9.9:0").Code);
        Assert.Equal(441, stranger.Bind(0x4000, "9.9.9.9:9").Code);
        Assert.Equal(437, stranger.Allocate().Code);
        Assert.Equal(First, Assert.Single(stand.Ledger.Sessions()).Realm);
        Assert.Equal(0, owner.Refresh().Code);
    }

    [Fact]
    public void A_ticket_of_mobility_is_no_way_into_another_realm()
    {
        var stand = New(settings: TurnStand.Ordinary with { Mobility = true });
        var ticket = Client(stand, Tenant, "looking-glass").Allocate((ref StunWriter w) => w.Add(AttributeType.MobilityTicket, [])).Ticket;
        TurnClient.Fill shown = (ref StunWriter w) => w.Add(AttributeType.MobilityTicket, ticket);
        Assert.Equal(441, Client(stand, First, "wonderland", "198.51.100.9:5000").Ask(StunMethod.Refresh, shown).Code);
        Assert.Equal(0, Client(stand, Tenant, "looking-glass", "198.51.100.9:5000").Ask(StunMethod.Refresh, shown).Code);
    }

    [Fact]
    public void One_name_in_two_realms_is_two_subjects_with_a_quota_each()
    {
        var stand = New(settings: TurnStand.Ordinary with { StaticUserQuota = 2 });
        int[] Three(string realm, string password, int net) =>
            [.. Enumerable.Range(0, 3).Select(i => Client(stand, realm, password, $"203.0.{net}.1:{1000 + i}").Allocate().Code)];
        Assert.Equal([0, 0, 486], Three(First, "wonderland", 1));
        Assert.Equal([0, 0, 486], Three(Tenant, "looking-glass", 2));
        Assert.Equal((2, 2, 0), (
            stand.Ledger.Charged(Alice(null)), stand.Ledger.Charged(Alice(Tenant)), stand.Ledger.Charged(Alice(Other))));
    }

    [Fact]
    public void To_revoke_a_subject_of_one_realm_leaves_its_namesakes_alone()
    {
        var stand = New();
        Client(stand, First, "wonderland", "203.0.113.1:1").Allocate();
        Client(stand, Tenant, "looking-glass", "203.0.113.2:1").Allocate();
        stand.Ledger.TryDeny(stand.Now, Alice(Tenant), stand.Now + TimeSpan.FromHours(1));
        stand.Order(new TurnOrder.Revoke([Alice(Tenant)]));
        Assert.Equal(First, Assert.Single(stand.Ledger.Sessions()).Realm);
        Assert.Equal(401, Client(stand, Tenant, "looking-glass", "203.0.113.2:1").Allocate().Code);
        Assert.Equal(0, Client(stand, First, "wonderland", "203.0.113.3:1").Allocate().Code);
    }

    [Fact]
    public void A_realm_has_so_many_allocations_whoever_its_users_are_and_486_beyond_while_others_go_on()
    {
        var stand = New(Sources with { Further = [Sources.Further[0] with { TotalQuota = 2 }, Sources.Further[1]] });
        var alice = Client(stand, Tenant, "looking-glass", "203.0.113.1:1");
        Assert.Equal(0, alice.Allocate().Code);
        Assert.Equal(0, Client(stand, Tenant, "singer", "203.0.113.2:1", "carol").Allocate().Code);
        var third = Client(stand, Tenant, "singer", "203.0.113.3:1", "carol");
        Assert.Equal(486, third.Allocate().Code);
        Assert.Equal(0, Client(stand, Other, "red queen", "203.0.113.4:1").Allocate().Code);
        Assert.Equal(0, Client(stand, First, "wonderland", "203.0.113.5:1").Allocate().Code);
        Assert.Equal(0, alice.Refresh(0).Code);
        Assert.Equal(0, third.Allocate().Code);
    }

    [Fact]
    public void A_name_is_found_by_the_hash_of_its_own_realm_alone()
    {
        var stand = New();
        var client = Client(stand, Tenant, "looking-glass");
        client.ByHash = true;
        Assert.Equal(0, client.Allocate().Code);
        var carol = Client(stand, First, "singer", "203.0.113.78:1", "carol");
        carol.ByHash = true;
        Assert.Equal(401, carol.Allocate().Code);
    }

    [Fact]
    public void The_cookie_of_a_nonce_says_what_holds_in_its_realm()
    {
        var stand = New(Sources with { Further = [Sources.Further[0] with { Secrets = [TurnStand.Secret("s")] }] });
        var client = new TurnClient(stand);
        Assert.True(client.Bare(StunMethod.Allocate).Features.HasFlag(SecurityFeatures.UsernameAnonymity));
        Assert.False(client.Bare(StunMethod.Allocate, From(TenantOrigin)).Features.HasFlag(SecurityFeatures.UsernameAnonymity));
    }

    [Fact]
    public void A_secret_makes_credentials_of_its_realm_alone()
    {
        var stand = New(Sources with { Further = [Sources.Further[0] with { Secrets = [TurnStand.Secret("the tenant's")] }] });
        var minted = TimeLimitedCredential.Mint(TurnStand.Secret("the tenant's"), stand.Now.UnixSeconds + 600, "4f9c2d7e1b6a");
        Assert.Equal(401, Client(stand, First, minted.Password, name: minted.Username).Allocate().Code);
        Assert.Equal(0, Client(stand, Tenant, minted.Password, name: minted.Username).Allocate().Code);
        Assert.Equal(Subject.OfId("4f9c2d7e1b6a", Tenant)[0], stand.Ledger.Sessions().Single().Subject);
    }

    [Fact]
    public void Who_has_an_allocation_cannot_guess_its_namesakes_password_without_end()
    {
        var few = new UnauthenticatedLimits
        {
            AnswersPerSecond = 2, Burst = 8, KnownFactor = 4, BytesPerSecond = 1_000_000, BytesAtOnce = 1_000_000, Sources = 64,
        };
        var stand = New(settings: TurnStand.Ordinary with { Unauthenticated = few });
        Assert.Equal(0, Client(stand, First, "wonderland").Allocate().Code);
        var before = stand.Server.Counters.CredentialsTried;
        var guesser = Client(stand, Tenant, "");
        for (var i = 0; i < 400; i++)
        {
            guesser.Password = $"guess {i}";
            guesser.Refresh();
        }

        Assert.InRange(stand.Server.Counters.CredentialsTried - before, 1, few.Burst * few.KnownFactor);
        Assert.True(stand.Server.Counters.Drops(DropReason.TooManyTries) > 0);
    }

    [Fact]
    public void What_a_realm_had_is_added_up_by_its_name_with_what_lives()
    {
        var stand = New();
        var alice = Client(stand, Tenant, "looking-glass");
        alice.Allocate();
        alice.Bind(0x4000, "9.9.9.9:9");
        alice.Data(0x4000, "four");
        Assert.Equal(("1/0/4", "0/0/0"), (Told(Tenant), Told(First)));
        alice.Data(0x4000, "more");
        alice.Refresh(0);
        Client(stand, First, "wonderland").Allocate();
        Assert.Equal(("1/1/8", "1/0/0"), (Told(Tenant), Told(First)));
        Assert.Equal(2, stand.Ledger.Realms().Length);

        string Told(string realm) => stand.Ledger.Realms().Where(one => one.Realm == realm)
            .Select(one => $"{one.Began}/{one.Ended}/{one.Traffic.ToPeerBytes}").Single();
    }

    [Fact]
    public void A_line_of_the_log_names_the_realm_of_a_subject_that_is_not_of_the_first()
    {
        Assert.Equal("Static alice of tenant.example.org", Alice(Tenant).ToString());
        Assert.Equal("Static alice", Alice(null).ToString());
    }
}
