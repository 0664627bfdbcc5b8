using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>RFC 8656 §8 and how allocations end.</summary>
public class LifetimeTests
{
    [Fact]
    public void An_allocation_that_is_not_refreshed_ends_at_its_time_and_gives_everything_back()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        client.Allocate();
        var relay = stand.Asked.Single().Relay;
        stand.Pass(599);
        Assert.Empty(stand.Closed);
        Assert.Equal(1, stand.Ledger.PortsHeld);

        stand.Pass(1);
        Assert.Equal(relay, stand.Closed.Single());
        Assert.Equal(0, stand.Ledger.PortsHeld);
        Assert.Empty(stand.Ledger.Sessions());
        Assert.Null(stand.Server.NextDeadline);
        Assert.Equal(437, client.Refresh().Code);
    }

    [Fact]
    public void A_refresh_moves_the_end()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        client.Allocate();
        stand.Pass(500);
        Assert.Equal(1200u, client.Refresh(1200).Lifetime);
        Assert.Equal(stand.Now + TimeSpan.FromSeconds(1200), stand.Server.NextDeadline);
        Assert.Equal(stand.Now + TimeSpan.FromSeconds(1200), stand.Ledger.Sessions().Single().ExpiresAt);
        stand.Pass(1199);
        Assert.Empty(stand.Closed);
        stand.Pass(1);
        Assert.Single(stand.Closed);
    }

    [Fact]
    public void Lifetime_zero_deletes_the_allocation_and_its_retransmission_is_answered_437()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        client.Allocate();
        var reply = client.Refresh(0);
        Assert.Equal((0, 0u), (reply.Code, reply.Lifetime!.Value));
        Assert.True(reply.VerifiesWith(client.Key));
        Assert.Single(stand.Closed);
        Assert.Equal(437, client.Refresh(0).Code);
        Assert.Equal(0, client.Allocate().Code);
    }

    [Fact]
    public void Refresh_of_another_family_is_answered_443_and_a_malformed_one_400()
    {
        var client = new TurnClient(new());
        client.Allocate();
        Assert.Equal(443, client.Ask(StunMethod.Refresh, (ref StunWriter w) => w.AddRequestedAddressFamily(IPFamily.IPv6)).Code);
        Assert.Equal(0, client.Ask(StunMethod.Refresh, (ref StunWriter w) => w.AddRequestedAddressFamily(IPFamily.IPv4)).Code);
        Assert.Equal(400, client.Ask(StunMethod.Refresh, (ref StunWriter w) => w.Add(AttributeType.Lifetime, [1])).Code);
    }

    [Fact]
    public void Requests_without_an_allocation_are_answered_437()
    {
        var client = new TurnClient(new());
        Assert.Equal(437, client.Refresh().Code);
        Assert.Equal(437, client.Permit("9.9.9.9:1").Code);
        Assert.Equal(437, client.Bind(0x4000, "9.9.9.9:1").Code);
    }

    [Fact]
    public void Another_users_requests_in_an_allocation_are_answered_441()
    {
        var stand = new TurnStand();
        new TurnClient(stand).Allocate();
        var bob = new TurnClient(stand, username: "bob", password: "builder");
        Assert.Equal(441, bob.Refresh(0).Code);
        Assert.Equal(441, bob.Permit("9.9.9.9:1").Code);
        Assert.Equal(441, bob.Bind(0x4000, "9.9.9.9:1").Code);
        Assert.Equal(437, bob.Allocate().Code);
        Assert.Empty(stand.Closed);
    }

    [Fact]
    public void A_five_tuple_whose_allocation_is_over_is_free_even_before_the_deadline_was_handled()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        client.Allocate();
        // A loop that is late: no OnDeadline between.
        stand.Now += TimeSpan.FromSeconds(600);
        Assert.Equal(0, client.Allocate().Code);
        Assert.Equal(2, stand.Ledger.Sessions().Length);
        stand.Pass(0);
        Assert.Single(stand.Closed);
        Assert.Equal(0, client.Refresh().Code);
    }

    [Fact]
    public void An_allocation_whose_time_is_over_is_answered_437_even_before_the_deadline_was_handled()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        client.Allocate();
        stand.Now += TimeSpan.FromSeconds(600);
        Assert.Equal(437, client.Refresh().Code);
        Assert.Equal(437, client.Permit("9.9.9.9:1").Code);
        Assert.Equal(437, client.Bind(0x4000, "9.9.9.9:1").Code);
        stand.Pass(0);
        Assert.Single(stand.Closed);
        Assert.Equal(0, stand.Ledger.PortsHeld);
    }

    [Fact]
    public void The_record_of_an_ended_allocation_says_why_and_how_much_it_relayed()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        client.Allocate();
        client.Bind(0x4000, "9.9.9.9:9");
        client.Data(0x4000, "12345");
        stand.FromPeer(stand.Asked.Single().Relay, TurnStand.IP("9.9.9.9:9"), "1234567"u8);
        client.Refresh(0);
        var ended = Assert.IsType<TurnAudit.AllocationEnded>(stand.Effects.OfType<TurnEffect.Audit>().Last().Event);
        Assert.Equal(AllocationEnd.Deleted, ended.Reason);
        Assert.Equal((1L, 5L, 1L, 7L),
            (ended.Traffic.ToPeerPackets, ended.Traffic.ToPeerBytes, ended.Traffic.ToClientPackets, ended.Traffic.ToClientBytes));
    }
}
