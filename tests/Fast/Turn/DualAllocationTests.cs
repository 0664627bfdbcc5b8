using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>One allocation with a relayed address of each family (RFC 8656 §7.2 step 9, §8.1, §8.2).</summary>
public class DualAllocationTests
{
    static readonly TurnClient.Fill Both = (ref StunWriter w) => w.AddAdditionalAddressFamily(IPFamily.IPv6);
    static readonly Subject Alice = new(CredentialKind.Static, Bytes.Utf8("alice"));
    static readonly TurnSettings OnlyIPv4 = TurnStand.Ordinary with { Relays = [new(TurnStand.IP("198.41.0.4:0"))] };

    [Fact]
    public void Both_addresses_are_given_in_one_response_and_are_one_allocation()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { StaticUserQuota = 1 });
        var reply = new TurnClient(stand).Allocate(Both);
        Assert.Equal([IPFamily.IPv4, IPFamily.IPv6], reply.AllRelayed.Select(address => address.Family));
        Assert.Equal(stand.Asked.Select(question => question.Address), reply.AllRelayed);
        Assert.False(reply.Has(AttributeType.AddressErrorCode));
        Assert.Equal((2, 1), (stand.Ledger.PortsHeld, stand.Ledger.Charged(Alice)));
        var session = Assert.Single(stand.Ledger.Sessions());
        Assert.Equal((reply.AllRelayed[0], reply.AllRelayed[1]), (session.Relayed, session.Second));
        var began = Assert.IsType<TurnAudit.AllocationBegan>(stand.Effects.OfType<TurnEffect.Audit>().Single().Event);
        Assert.Equal((reply.AllRelayed[0], reply.AllRelayed[1]), (began.Session.Relayed, began.Session.Second));
        Assert.Equal(1, stand.Server.Counters.AllocationsBegan);
    }

    [Fact]
    public void A_retransmission_is_answered_alike_and_opens_nothing()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        var transaction = TurnClient.NextTransaction();
        Assert.Equal(client.Allocate(Both, transaction).Bytes, client.Allocate(Both, transaction).Bytes);
        Assert.Equal(2, stand.Asked.Count());
    }

    [Fact]
    public void A_family_that_the_server_does_not_have_is_440_in_the_success_response()
    {
        var client = new TurnClient(new(OnlyIPv4));
        var transaction = TurnClient.NextTransaction();
        var reply = client.Allocate(Both, transaction);
        Assert.Equal([IPFamily.IPv4], reply.AllRelayed.Select(address => address.Family));
        Assert.Equal((IPFamily.IPv6, ErrorCode.AddressFamilyNotSupported), reply.AddressError);
        Assert.Equal(reply.Bytes, client.Allocate(Both, transaction).Bytes);
    }

    [Fact]
    public void Without_IPv4_at_the_server_the_request_is_answered_440()
    {
        // Step 7 comes before step 9: REQUESTED-ADDRESS-FAMILY is absent, so IPv4 is what MUST be allocated.
        var only6 = TurnStand.Ordinary with { Relays = [new(TurnStand.IP("[2620:fe::9]:0"))] };
        Assert.Equal(440, new TurnClient(new(only6)).Allocate(Both).Code);
    }

    [Theory]
    [InlineData(IPFamily.IPv4)]
    [InlineData(IPFamily.IPv6)]
    public void A_family_whose_ports_are_all_taken_is_508_in_the_success_response(IPFamily full)
    {
        var stand = new TurnStand(TurnStand.Ordinary with { RelayPorts = new(50000, 50000) });
        new TurnClient(stand, "203.0.113.1:1").Allocate((ref StunWriter w) => w.AddRequestedAddressFamily(full));
        var reply = new TurnClient(stand).Allocate(Both);
        Assert.NotEqual(full, Assert.Single(reply.AllRelayed).Family);
        Assert.Equal((full, ErrorCode.InsufficientCapacity), reply.AddressError);
        Assert.Null(stand.Ledger.Sessions().Last().Second);
    }

    [Theory]
    [InlineData(IPFamily.IPv4)]
    [InlineData(IPFamily.IPv6)]
    public void A_socket_that_the_system_refuses_is_508_in_the_success_response_and_its_port_is_given_back(IPFamily refused)
    {
        var stand = new TurnStand();
        stand.Outside = question => question.Address.Family == refused
            ? new TurnAnswer.RelayRefused()
            : new TurnAnswer.RelayOpened(question.Relay);
        var client = new TurnClient(stand);
        var reply = client.Allocate(Both);
        Assert.NotEqual(refused, Assert.Single(reply.AllRelayed).Family);
        Assert.Equal((refused, ErrorCode.InsufficientCapacity), reply.AddressError);
        Assert.Equal((1, 1), (stand.Ledger.PortsHeld, stand.Ledger.Charged(Alice)));
        Assert.Equal(443, Refresh(client, refused, 600).Code);
    }

    [Fact]
    public void Silence_about_one_of_two_leaves_the_other_and_silence_about_both_is_508()
    {
        var stand = new TurnStand { Outside = _ => null };
        var client = new TurnClient(stand);
        client.Allocate(Both);
        Assert.Equal(DropReason.Asked, stand.Pass(2).Single().Forward.Reason);
        var late = Assert.Single(stand.Pass(2));
        Assert.Equal(508, late.Code);
        Assert.Equal((0, 0), (stand.Ledger.PortsHeld, stand.Ledger.Charged(Alice)));

        client.Allocate(Both);
        stand.Outside = question => new TurnAnswer.RelayOpened(question.Relay);
        var reply = stand.Pass(2).Single();
        Assert.Equal(IPFamily.IPv6, Assert.Single(reply.AllRelayed).Family);
        Assert.Equal(1, stand.Ledger.PortsHeld);
    }

    [Fact]
    public void What_was_opened_for_a_request_that_comes_to_nothing_is_closed()
    {
        var settings = TurnStand.Ordinary with { NonceLifetime = TimeSpan.FromSeconds(1), OpenRelayDeadline = TimeSpan.FromSeconds(9) };
        var stand = new TurnStand(settings);
        stand.Outside = question =>
        {
            if (question.Address.Family == IPFamily.IPv6) stand.Now += TimeSpan.FromSeconds(5);
            return new TurnAnswer.RelayOpened(question.Relay);
        };
        Assert.Equal(438, new TurnClient(stand).Allocate(Both).Code);
        Assert.Empty(stand.Opened);
        Assert.Equal(2, stand.Closed.Count());
        Assert.Equal(0, stand.Ledger.PortsHeld);
    }

    [Fact]
    public void Where_the_worker_has_room_for_one_relay_the_other_family_is_508()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { MaxAllocations = 1 });
        var reply = new TurnClient(stand).Allocate(Both);
        Assert.Equal(IPFamily.IPv4, Assert.Single(reply.AllRelayed).Family);
        Assert.Equal((IPFamily.IPv6, ErrorCode.InsufficientCapacity), reply.AddressError);
    }

    [Fact]
    public void A_port_that_another_program_has_is_moved_in_its_family_alone()
    {
        var taken = 0;
        var stand = new TurnStand();
        stand.Outside = question => question.Address.Family == IPFamily.IPv6 && taken++ < 3
            ? new TurnAnswer.RelayTaken()
            : new TurnAnswer.RelayOpened(question.Relay);
        var reply = new TurnClient(stand).Allocate(Both);
        Assert.Equal([4, 6, 6, 6, 6], stand.Asked.Select(question => question.Address.Family == IPFamily.IPv4 ? 4 : 6));
        Assert.Equal([stand.Asked.First().Address, stand.Asked.Last().Address], reply.AllRelayed);
        Assert.Equal(2, stand.Ledger.PortsHeld);
    }

    [Fact]
    public void EVEN_PORT_without_a_reservation_holds_for_both_ports()
    {
        var stand = new TurnStand();
        for (var i = 0; i < 20; i++)
        {
            var reply = new TurnClient(stand, $"203.0.113.1:{1000 + i}").Allocate((ref StunWriter w) =>
            {
                w.AddEvenPort(false);
                w.AddAdditionalAddressFamily(IPFamily.IPv6);
            });
            Assert.All(reply.AllRelayed, address => Assert.Equal(0, address.Port % 2));
            Assert.Equal(2, reply.AllRelayed.Length);
        }
    }

    [Fact]
    public void Peers_of_both_families_are_spoken_to_each_by_its_own_relay()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        client.Allocate(Both);
        var (four, six) = (stand.Asked.First().Relay, stand.Asked.Last().Relay);
        Assert.Equal(0, client.Permit("9.9.9.9:0", "[2606:4700::1]:0").Code);
        Assert.Equal(0, client.Bind(0x4001, "[2606:4700::2]:7").Code);
        Assert.Equal(four, client.SendTo("9.9.9.9:7", "x").Forward.Relay);
        Assert.Equal(six, client.SendTo("[2606:4700::1]:7", "x").Forward.Relay);
        Assert.Equal(six, client.Data(0x4001, "x").Forward.Relay);
        Assert.Equal(ForwardKind.ToClient, stand.FromPeer(four, TurnStand.IP("9.9.9.9:7"), "x"u8).Forward.Kind);
        Assert.Equal([0x40, 0x01], stand.FromPeer(six, TurnStand.IP("[2606:4700::2]:7"), "x"u8).Bytes[..2]);
        // An IPv4 address in an IPv6 form is of no family.
        Assert.Equal(403, client.Permit("[64:ff9b::9.9.9.9]:0").Code);
    }

    [Fact]
    public void A_Refresh_that_names_a_family_refreshes_it_alone()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        client.Allocate(Both);
        Assert.Equal(1200u, Refresh(client, IPFamily.IPv6, 1200).Lifetime);
        Assert.Equal(stand.Now + TimeSpan.FromSeconds(1200), stand.Ledger.Sessions().Single().ExpiresAt);
        stand.Pass(600);
        Assert.Equal(stand.Asked.First().Relay, Assert.Single(stand.Closed));
        Assert.Equal(1, stand.Ledger.PortsHeld);
        Assert.Equal(443, Refresh(client, IPFamily.IPv4, 600).Code);
        stand.Pass(600);
        Assert.Equal(2, stand.Closed.Count());
        Assert.Empty(stand.Ledger.Sessions());
        Assert.Equal(1, stand.Server.Counters.AllocationsEnded);
    }

    [Fact]
    public void A_Refresh_that_names_none_applies_to_both()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        client.Allocate(Both);
        client.Refresh(1200);
        stand.Pass(1199);
        Assert.Empty(stand.Closed);
        Assert.Equal(0, client.Refresh(0).Code);
        Assert.Equal(2, stand.Closed.Count());
        Assert.Equal((0, 0), (stand.Ledger.PortsHeld, stand.Ledger.Charged(Alice)));
        Assert.Equal(437, client.Refresh().Code);
    }

    [Theory]
    [InlineData(IPFamily.IPv4, "9.9.9.9", "[2606:4700::1]")]
    [InlineData(IPFamily.IPv6, "[2606:4700::1]", "9.9.9.9")]
    public void Deleting_one_family_takes_its_permissions_and_channels_and_none_of_the_other(
        IPFamily deleted, string gone, string stays)
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        var relayed = client.Allocate(Both).AllRelayed;
        client.Bind(0x4000, $"{gone}:7");
        client.Bind(0x4001, $"{stays}:7");
        Assert.Equal(0u, Refresh(client, deleted, 0).Lifetime);

        var closed = Assert.Single(stand.Closed);
        Assert.Equal(stand.Asked.Single(question => question.Address.Family == deleted).Relay, closed);
        Assert.Equal(DropReason.NoChannel, client.Data(0x4000, "x").Forward.Reason);
        Assert.Equal(DropReason.NoPermission, client.SendTo($"{gone}:7", "x").Forward.Reason);
        Assert.Equal(443, client.Permit($"{gone}:7").Code);
        Assert.Equal(443, client.Bind(0x4002, $"{gone}:7").Code);
        Assert.Equal(DropReason.NoRelay, stand.FromPeer(closed, TurnStand.IP($"{gone}:7"), "x"u8).Forward.Reason);
        Assert.Equal(443, Refresh(client, deleted, 600).Code);

        Assert.Equal(ForwardKind.ToPeer, client.Data(0x4001, "x").Forward.Kind);
        Assert.Equal(0, client.Permit($"{stays}:7").Code);
        var session = Assert.Single(stand.Ledger.Sessions());
        Assert.Equal((relayed.Single(address => address.Family != deleted), null), (session.Relayed, session.Second));
        Assert.Equal((1, 1), (stand.Ledger.PortsHeld, stand.Ledger.Charged(Alice)));
        var ended = Assert.IsType<TurnAudit.AddressEnded>(stand.Effects.OfType<TurnEffect.Audit>().Last().Event);
        Assert.Equal((relayed.Single(address => address.Family == deleted), AllocationEnd.Deleted), (ended.Relayed, ended.Reason));

        // The number is free for a peer of the other family, and the last address ends the allocation.
        Assert.Equal(0, client.Bind(0x4000, $"{stays}:8").Code);
        Assert.Equal(0, Refresh(client, deleted == IPFamily.IPv4 ? IPFamily.IPv6 : IPFamily.IPv4, 0).Code);
        Assert.Empty(stand.Ledger.Sessions());
        Assert.Empty(stand.Opened);
    }

    [Fact]
    public void Revocation_ends_both()
    {
        var stand = new TurnStand();
        new TurnClient(stand).Allocate(Both);
        stand.Order(new TurnOrder.Revoke([Alice]));
        Assert.Empty(stand.Opened);
        Assert.Equal((0, 0), (stand.Ledger.PortsHeld, stand.Ledger.Charged(Alice)));
    }

    static TurnReply Refresh(TurnClient client, IPFamily family, uint seconds) => client.Ask(StunMethod.Refresh, (ref StunWriter w) =>
    {
        w.AddRequestedAddressFamily(family);
        w.AddLifetime(seconds);
    });
}
