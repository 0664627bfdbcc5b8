using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>A server behind a NAT that maps address to address and keeps ports.</summary>
public class NatMappingTests
{
    const string Outer = "198.41.0.9";

    static readonly TurnSettings Mapped =
        TurnStand.Ordinary with { Relays = [new(TurnStand.IP("10.0.0.9:0"), TurnStand.IP($"{Outer}:0"))] };

    [Fact]
    public void Clients_and_the_list_of_sessions_are_told_the_outer_address()
    {
        var stand = new TurnStand(Mapped);
        var relayed = new TurnClient(stand).Allocate().Relayed;
        Assert.Equal(TurnStand.IP($"{Outer}:{stand.Asked.Single().Address.Port}"), relayed);
        Assert.Equal(relayed, stand.Ledger.Sessions().Single().Relayed);
    }

    [Fact]
    public void Two_clients_meet_by_the_outer_address_though_the_inner_one_is_private()
    {
        var stand = new TurnStand(Mapped);
        var (alice, bob) = (new TurnClient(stand), new TurnClient(stand, "203.0.113.5:5", "bob", "builder"));
        var (hers, his) = (alice.Allocate().Relayed, bob.Allocate().Relayed);
        var (herRelay, hisRelay) = (stand.Asked.First().Relay, stand.Asked.Last().Relay);
        Assert.Equal(0, alice.Permit($"{his}").Code);
        Assert.Equal(0, bob.Bind(0x4000, $"{hers}").Code);

        // What goes out is sent to the inner name: nothing has to come back in through the NAT ...
        var sent = alice.SendTo($"{his}", "over here").Forward;
        Assert.Equal((ForwardKind.ToPeer, herRelay), (sent.Kind, sent.Relay));
        Assert.Equal(TurnStand.IP($"10.0.0.9:{his.Port}"), sent.Peer);
        Assert.Equal(TurnStand.IP($"10.0.0.9:{hers.Port}"), bob.Data(0x4000, "and back").Forward.Peer);

        // ... and who hears it knows the sender by the outer one, on the channel and without.
        var onChannel = stand.FromPeer(hisRelay, TurnStand.IP($"10.0.0.9:{hers.Port}"), "over here"u8);
        Assert.Equal([0x40, 0x00], onChannel.Bytes[..2]);
        Assert.Equal(his, stand.FromPeer(herRelay, TurnStand.IP($"10.0.0.9:{his.Port}"), "and back"u8).Peer);
    }

    [Fact]
    public void What_a_NAT_does_send_back_in_is_known_by_its_outer_name_as_it_comes()
    {
        var stand = new TurnStand(Mapped);
        var (alice, bob) = (new TurnClient(stand), new TurnClient(stand, "203.0.113.5:5", "bob", "builder"));
        alice.Allocate();
        var his = bob.Allocate().Relayed;
        alice.Permit($"{his}");
        Assert.Equal(his, stand.FromPeer(stand.Asked.First().Relay, his, "x"u8).Peer);
    }

    [Fact]
    public void Without_a_permission_for_the_outer_address_nothing_passes_and_the_inner_one_cannot_be_had()
    {
        var stand = new TurnStand(Mapped);
        var (alice, bob) = (new TurnClient(stand), new TurnClient(stand, "203.0.113.5:5", "bob", "builder"));
        alice.Allocate();
        var his = bob.Allocate().Relayed;
        var inner = TurnStand.IP($"10.0.0.9:{his.Port}");
        Assert.Equal(DropReason.NoPermission, stand.FromPeer(stand.Asked.First().Relay, inner, "x"u8).Forward.Reason);
        Assert.Equal(403, alice.Permit($"{inner}").Code);
        Assert.Equal(403, alice.Bind(0x4000, $"{inner}").Code);
    }

    [Fact]
    public void When_the_other_ends_its_port_is_closed_under_the_outer_name_too()
    {
        var stand = new TurnStand(Mapped);
        var (alice, bob) = (new TurnClient(stand), new TurnClient(stand, "203.0.113.5:5", "bob", "builder"));
        alice.Allocate();
        var his = bob.Allocate().Relayed;
        Assert.Equal(0, alice.Bind(0x4000, $"{his}").Code);
        bob.Refresh(0);
        Assert.Equal(DropReason.ForbiddenPeer, alice.Data(0x4000, "x").Forward.Reason);
        Assert.Equal(DropReason.ForbiddenPeer,
            stand.FromPeer(stand.Asked.First().Relay, TurnStand.IP($"10.0.0.9:{his.Port}"), "x"u8).Forward.Reason);
    }

    [Fact]
    public void A_listening_port_is_no_peer_under_its_outer_name_though_a_live_relay_has_the_number()
    {
        var settings = Mapped with { RelayPorts = new(50000, 50000), OwnListeners = [TurnStand.IP("10.0.0.9:50000")] };
        var stand = new TurnStand(settings);
        var alice = new TurnClient(stand);
        Assert.Equal(50000, alice.Allocate().Relayed.Port);
        Assert.Equal(403, alice.Bind(0x4000, $"{Outer}:50000").Code);
    }

    [Fact]
    public void Peers_outside_are_sent_to_as_they_are()
    {
        var stand = new TurnStand(Mapped);
        var alice = new TurnClient(stand);
        alice.Allocate();
        alice.Permit("9.9.9.9:0");
        Assert.Equal(TurnStand.IP("9.9.9.9:7"), alice.SendTo("9.9.9.9:7", "x").Forward.Peer);
        Assert.Equal(TurnStand.IP("9.9.9.9:7"), stand.FromPeer(stand.Asked.Single().Relay, TurnStand.IP("9.9.9.9:7"), "x"u8).Peer);
    }

    [Theory]
    [InlineData("10.0.0.8:0", "198.41.0.9:0", true)]
    [InlineData("198.41.0.9:0", "198.41.0.9:0", true)]
    [InlineData("198.41.0.9:0", "198.41.0.10:0", true)]
    [InlineData("10.0.0.8:0", "198.41.0.10:0", false)]
    [InlineData("10.0.0.8:0", "10.0.0.8:0", false)]
    public void An_outer_address_that_two_relay_addresses_would_have_is_a_mistake(string local, string outer, bool isMistaken)
    {
        var settings = Mapped with { Relays = [.. Mapped.Relays, new(TurnStand.IP(local), TurnStand.IP(outer))] };
        Assert.Equal(isMistaken, settings.Mistakes().Any());
    }
}
