using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Other settings while it runs.</summary>
public class ApplyTests
{
    [Fact]
    public void A_peer_that_is_denied_from_now_on_is_cut_off_on_channels_and_permissions_and_others_go_on()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        client.Allocate();
        var relay = stand.Asked.Single().Relay;
        Assert.Equal(0, client.Bind(0x4000, "198.41.0.9:9").Code);
        Assert.Equal(0, client.Bind(0x4001, "192.5.5.241:9").Code);
        Assert.Equal(0, client.Permit("198.41.0.10:9", "192.5.5.242:9").Code);

        Apply(stand, stand.Settings with { DenyPeers = [AddressRange.Parse("198.41.0.8/29")] });
        Assert.Equal(ForwardKind.Drop, client.Data(0x4000, "x").Forward.Kind);
        Assert.Equal(ForwardKind.ToPeer, client.Data(0x4001, "x").Forward.Kind);
        Assert.Equal(ForwardKind.Drop, client.SendTo("198.41.0.10:9", "x").Forward.Kind);
        Assert.Equal(ForwardKind.ToPeer, client.SendTo("192.5.5.242:9", "x").Forward.Kind);
        Assert.Equal(ForwardKind.Drop, stand.FromPeer(relay, TurnStand.IP("198.41.0.9:9"), "x"u8).Forward.Kind);
        Assert.Equal(ForwardKind.ToClient, stand.FromPeer(relay, TurnStand.IP("192.5.5.241:9"), "x"u8).Forward.Kind);
        Assert.Equal(403, client.Bind(0x4002, "198.41.0.9:9").Code);

        // What was taken out does not come back by itself: the client asks anew.
        Apply(stand, stand.Settings);
        Assert.Equal(ForwardKind.Drop, client.Data(0x4000, "x").Forward.Kind);
        Assert.Equal(0, client.Bind(0x4000, "198.41.0.9:9").Code);
        Assert.Equal(0, client.Refresh(600).Code);
    }

    [Fact]
    public void A_peer_that_is_allowed_from_now_on_may_be_asked_for()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        client.Allocate();
        Assert.Equal(403, client.Permit("10.1.2.3:9").Code);
        Apply(stand, stand.Settings with { AllowPeers = [AddressRange.Parse("10.0.0.0/8")] });
        Assert.Equal(0, client.Permit("10.1.2.3:9").Code);
    }

    [Fact]
    public void Quotas_and_lifetimes_of_now_hold_for_the_next_request_and_nothing_that_lives_ends()
    {
        var stand = new TurnStand();
        TurnClient[] clients = [.. Enumerable.Range(1, 3).Select(n => new TurnClient(stand, $"203.0.113.77:{n}"))];
        Assert.All(clients, client => Assert.Equal(0, client.Allocate().Code));
        Apply(stand, stand.Settings with { StaticUserQuota = 2, MaxPermissions = 1, MaxLifetime = TimeSpan.FromSeconds(700) });
        Assert.Equal(486, new TurnClient(stand, "203.0.113.77:4").Allocate().Code);
        Assert.All(clients, client => Assert.Equal(700u, client.Refresh(3600).Lifetime));
        Assert.Equal([0, 508], new[] { "198.41.0.9:9", "198.41.0.10:9" }.Select(peer => clients[0].Permit(peer).Code));
        Assert.Equal(3, stand.Ledger.Sessions().Length);
    }

    [Fact]
    public void What_a_server_is_made_with_stays()
    {
        var other = TurnStand.Ordinary with { Realm = "b.example", Relays = [], RelayPorts = new(1, 2), UserQuota = 7 };
        var kept = other.KeepingFixed(TurnStand.Ordinary);
        Assert.Equal(TurnStand.Ordinary with { UserQuota = 7 }, kept);
    }

    static void Apply(TurnStand stand, TurnSettings settings) => stand.Order(new TurnOrder.Apply(settings));
}
