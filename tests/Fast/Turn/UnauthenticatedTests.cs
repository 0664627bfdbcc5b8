using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>What clients that proved nothing are answered, and when no more.</summary>
public class UnauthenticatedTests
{
    static readonly UnauthenticatedLimits Few = new()
    {
        AnswersPerSecond = 2, Burst = 8, KnownFactor = 4, BytesPerSecond = 1000, BytesAtOnce = 100_000, Sources = 64,
    };

    [Fact]
    public void One_source_has_half_its_burst_and_then_so_many_a_second_whatever_its_port()
    {
        var stand = Stand(Few);
        Assert.Equal(4, Answered(stand, 40));
        Assert.Equal(36, stand.Server.Counters.Drops(DropReason.SourceLimit));
        stand.Pass(1);
        Assert.Equal(2, Answered(stand, 40));
        stand.Pass(3600);
        Assert.Equal(4, Answered(stand, 40));
    }

    [Fact]
    public void Another_address_has_its_own_and_of_IPv6_another_64()
    {
        var stand = Stand(Few);
        Assert.Equal(4, Answered(stand, 40));
        Assert.Equal(4, Answered(stand, 40, i => $"203.0.113.78:{1000 + i}"));
        Assert.Equal(4, Answered(stand, 40, i => $"[2001:db7:0:1::{i:x}]:9"));
        Assert.Equal(0, Answered(stand, 40, i => $"[2001:db7:0:1:8000::{i:x}]:9"));
        Assert.Equal(4, Answered(stand, 40, i => $"[2001:db7:0:2::{i:x}]:9"));
    }

    [Fact]
    public void A_request_that_comes_again_a_while_later_has_the_other_half_of_the_burst()
    {
        var stand = Stand(Few);
        Answered(stand, 10);
        var client = new TurnClient(stand);
        var again = client.Write(StunClass.Request, StunMethod.Allocate, null);
        Assert.Equal(0, stand.Send(client.Path, again).Length);
        // At once is no retransmission.
        Assert.Equal(0, stand.Send(client.Path, again).Length);
        stand.Pass(TimeSpan.FromMilliseconds(250));
        Assert.Equal(0, Answered(stand, 1));
        Assert.Equal(401, stand.Send(client.Path, again).Code);
    }

    [Fact]
    public void Who_showed_a_nonce_of_ours_has_more_for_five_minutes_and_is_not_bound_by_the_budget()
    {
        var stand = Stand(Few with { BytesAtOnce = 2048, BytesPerSecond = 100 });
        var client = new TurnClient(stand);
        Assert.Equal(0, client.Allocate().Code);
        Exhaust(stand);
        Assert.InRange(Answered(stand, 100, i => $"192.0.3.{i}:9"), 0, 20);
        Assert.Equal(16, Answered(stand, 100));
        stand.Pass(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Exhaust(stand);
        Assert.Equal(16, Answered(stand, 100));
        stand.Pass(2);
        Exhaust(stand);
        Assert.InRange(Answered(stand, 100), 0, 4);
    }

    [Fact]
    public void A_flood_that_forges_a_thousand_known_addresses_gains_nothing_either()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { StaticUserQuota = 2000, Unauthenticated = new() });
        for (var i = 0; i < 1000; i++)
        {
            stand.Now += TimeSpan.FromMilliseconds(10);
            Assert.Equal(0, new TurnClient(stand, $"81.2.{i / 200}.{i % 200}:9").Allocate().Code);
        }

        var (received, sent) = (0L, 0L);
        for (var i = 0; i < 100_000; i++)
        {
            stand.Now += TimeSpan.FromMicroseconds(100);
            var reply = new TurnClient(stand, $"81.2.{i / 200 % 5}.{i % 200}:{i % 60_000 + 10}").Bare(StunMethod.Allocate);
            (received, sent) = (received + 20, sent + reply.Length);
        }

        // 10,000 a second for 10 s.
        Assert.InRange((double)sent / received, 0.1, 1.0);
    }

    [Fact]
    public void Who_is_known_and_proves_itself_each_time_is_never_limited()
    {
        var stand = Stand(Few);
        for (var i = 0; i < 500; i++)
        {
            var client = new TurnClient(stand, $"203.0.113.77:{1000 + i}");
            Assert.Equal(0, client.Allocate().Code);
            Assert.Equal(0, client.Refresh(0).Code);
        }
    }

    [Fact]
    public void Who_forges_a_client_that_is_there_cannot_keep_it_from_going_on_nor_from_a_new_nonce()
    {
        var stand = Stand(Few);
        var client = new TurnClient(stand);
        Assert.Equal(0, client.Allocate().Code);
        stand.Pass(500);
        Answered(stand, 1000);
        // All answers to its address are used up, and every nonce is an old one.
        Assert.Equal(0, Answered(stand, 10));
        Assert.Equal(0, client.Refresh(3600).Code);
        stand.Pass(3500);
        Answered(stand, 1000);
        Assert.Equal(0, Answered(stand, 10));
        var stale = client.Refresh();
        Assert.Equal(438, stale.Code);
        client.Nonce = stale.Nonce;
        Assert.Equal(0, client.Refresh().Code);
        Assert.Equal(0, new TurnClient(stand, "203.0.113.77:40000") { Nonce = stale.Nonce }.Permit("9.9.9.9:0").Code);
    }

    [Fact]
    public void Old_nonces_are_answered_so_often_as_credentials_are_tried()
    {
        var stand = Stand(Few);
        var client = new TurnClient(stand);
        client.Allocate();
        stand.Pass(3700);
        Assert.Equal(32, Enumerable.Range(0, 100).Count(_ => client.Refresh().Length > 0));
    }

    [Fact]
    public void A_nonce_of_another_source_makes_nobody_known()
    {
        var stand = Stand(Few);
        var nonce = new TurnClient(stand, "198.51.100.1:5").Bare(StunMethod.Allocate).Nonce;
        Assert.Equal(4, Answered(stand, 40));
        Assert.Equal(0, new TurnClient(stand) { Nonce = nonce }.Allocate().Length);
        Assert.Equal(0, Answered(stand, 40));
    }

    [Fact]
    public void Wrong_passwords_of_one_address_are_limited()
    {
        var stand = Stand(Few);
        var client = new TurnClient(stand) { Password = "guessed" };
        var heard = Enumerable.Range(0, 100).Count(_ => client.Allocate().Length > 0);
        // The first has a challenge before it, which is a stranger's; the others are a known source's.
        Assert.Equal(32, heard);
        Assert.Equal(68, stand.Server.Counters.Drops(DropReason.TooManyTries));
        // Each costs a MAC by alice's key, and beyond these none.
        Assert.Equal(32, stand.Server.Counters.CredentialsTried);
        // Who has an allocation goes on with it.
        stand.Pass(1);
        var neighbour = new TurnClient(stand, "203.0.113.77:9", "bob", "builder") { Nonce = null };
        Assert.Equal(0, neighbour.Allocate().Code);
        for (var i = 0; i < 100; i++) client.Allocate();
        Assert.Equal(0, neighbour.Refresh().Code);
        // But not to guess at others' names.
        var (name, password) = (neighbour.Username, neighbour.Password);
        (neighbour.Username, neighbour.Password) = ("alice", "guessed");
        for (var i = 0; i < 100; i++) neighbour.Refresh();
        var tried = stand.Server.Counters.CredentialsTried;
        Assert.Equal(DropReason.TooManyTries, neighbour.Refresh().Forward.Reason);
        Assert.Equal(tried, stand.Server.Counters.CredentialsTried);
        // Nor does a proof by a key that is at hand give a try back.
        (neighbour.Username, neighbour.Password) = (name, password);
        Assert.Equal(0, neighbour.Refresh().Code);
        neighbour.Username = "alice";
        Assert.Equal(DropReason.TooManyTries, neighbour.Refresh().Forward.Reason);
        neighbour.Username = name;
        Assert.Equal(0, neighbour.Permit("9.9.9.9:0").Code);
    }

    [Fact]
    public void What_came_by_a_connection_is_not_forged_and_not_limited()
    {
        var stand = Stand(Few);
        foreach (var transport in new[] { ClientTransport.Tcp, ClientTransport.Tls, ClientTransport.Dtls })
        {
            var path = new ClientPath(new(TurnStand.IP("203.0.113.77:5"), TurnStand.IP("198.41.0.4:3478"), transport), 0);
            var client = new TurnClient(stand) { Path = path };
            for (var i = 0; i < 100; i++) Assert.Equal(401, client.Bare(StunMethod.Allocate).Code);
        }
    }

    [Fact]
    public void The_budget_is_what_time_gives_or_what_comes_in_whichever_is_more()
    {
        var limits = Few with { BytesPerSecond = 10_000, BytesAtOnce = 4096 };
        // 100 a second bring 2 kB: time gives 10 kB a second. 5,000 bring 100 kB: of these 7/8 go out.
        Assert.InRange(BytesOut(100, limits), 9_000 * 20, 10_400 * 20);
        Assert.InRange(BytesOut(5_000, limits), 80_000 * 20, 88_000 * 20);
    }

    [Fact]
    public void Other_limits_are_taken_over_and_who_is_known_stays_so()
    {
        var stand = Stand(Few with { BytesAtOnce = 2048, BytesPerSecond = 1 });
        Assert.Equal(0, new TurnClient(stand).Allocate().Code);
        stand.Order(new TurnOrder.Apply(TurnStand.Ordinary with { Unauthenticated = Few with { AnswersPerSecond = 20, Burst = 80 } }));
        Assert.Equal(40, Answered(stand, 100, i => $"198.51.100.7:{i + 1}"));
        Assert.InRange(Answered(stand, 400), 80, 160);
    }

    [Fact]
    public void Workers_share_what_the_server_has()
    {
        var share = Few.Share(4);
        Assert.Equal((250, 25_000, 2, 8), (share.BytesPerSecond, share.BytesAtOnce, share.AnswersPerSecond, share.Burst));
        Assert.Empty(new UnauthenticatedLimits().Share(255).Mistakes());
    }

    [Fact]
    public void Settings_that_make_no_sense_are_told()
    {
        var wrong = new UnauthenticatedLimits { AnswersPerSecond = 0, KnownFactor = 0, BytesAtOnce = 1, Sources = 0 };
        Assert.Equal(4, (TurnStand.Ordinary with { Unauthenticated = wrong }).Mistakes().Count());
    }

    static long BytesOut(int perSecond, UnauthenticatedLimits limits)
    {
        var stand = Stand(limits);
        var bytes = 0L;
        for (var i = 0; i < perSecond * 20; i++)
        {
            stand.Now += TimeSpan.FromSeconds(1) / perSecond;
            bytes += new TurnClient(stand, $"{1 + (i % 200)}.{i / 200 % 250}.{i / 50_000}.7:9").Bare(StunMethod.Allocate).Length;
        }

        return bytes;
    }

    static TurnStand Stand(UnauthenticatedLimits limits) => new(TurnStand.Ordinary with { Unauthenticated = limits });

    static void Exhaust(TurnStand stand) => Answered(stand, 100, i => $"192.0.2.{i}:9");

    static int Answered(TurnStand stand, int requests, Func<int, string>? from = null) => Enumerable.Range(0, requests)
        .Count(i => new TurnClient(stand, from?.Invoke(i) ?? $"203.0.113.77:{2000 + i}").Bare(StunMethod.Allocate).Length > 0);
}
