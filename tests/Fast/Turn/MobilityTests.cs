using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>A client that moves keeps its allocation (RFC 8016).</summary>
public class MobilityTests
{
    const string Home = "203.0.113.77:40000";
    const string Away = "198.51.100.9:5000";
    const string Further = "198.51.100.10:6000";

    static readonly TurnSettings Mobile = TurnStand.Ordinary with { Mobility = true };
    static readonly TurnClient.Fill Empty = (ref StunWriter w) => w.Add(AttributeType.MobilityTicket, []);
    static readonly Subject Alice = new(CredentialKind.Static, Bytes.Utf8("alice"));

    readonly TurnStand _stand = new(Mobile);
    readonly TurnClient _home;
    readonly TurnClient _away;
    readonly byte[] _ticket;

    public MobilityTests()
    {
        (_home, _away) = (new(_stand, Home), new(_stand, Away));
        _ticket = _home.Allocate(Empty).Ticket!;
        _home.Bind(0x4000, "9.9.9.9:9");
        _home.Permit("9.9.9.10:0");
    }

    RelayId Relay => _stand.Asked.First().Relay;

    [Fact]
    public void An_Allocate_with_an_empty_ticket_is_given_one_and_one_without_is_not()
    {
        Assert.Equal(TicketSeal.Length, _ticket.Length);
        Assert.Null(new TurnClient(_stand, Further).Allocate().Ticket);
    }

    [Fact]
    public void Where_mobility_is_off_an_Allocate_that_asks_is_405_and_so_is_a_Refresh_with_a_ticket()
    {
        var stand = new TurnStand();
        Assert.Equal(405, new TurnClient(stand).Allocate(Empty).Code);
        Assert.Empty(stand.Asked);
        var client = new TurnClient(stand);
        client.Allocate();
        Assert.Equal(405, Move(new(stand, Away), _ticket).Code);
        Assert.Equal(405, Move(client, _ticket).Code);
    }

    [Fact]
    public void A_ticket_with_a_length_in_an_Allocate_is_400() =>
        Assert.Equal(400, new TurnClient(_stand, Further).Allocate((ref StunWriter w) =>
            w.Add(AttributeType.MobilityTicket, [1])).Code);

    [Fact]
    public void A_Refresh_from_another_address_with_the_ticket_is_granted_with_another_ticket()
    {
        var reply = Move(_away, _ticket);
        Assert.Equal((0, 600u), (reply.Code, reply.Lifetime));
        Assert.True(reply.VerifiesWith(_away.Key));
        Assert.Equal(TurnStand.IP(Away), reply.Forward.Path.FiveTuple.Client);
        Assert.NotEqual(_ticket, reply.Ticket);
        Assert.Single(_stand.Ledger.Sessions());
        Assert.Single(_stand.Asked);
        Assert.Equal(1, _stand.Ledger.Charged(Alice));
    }

    [Fact]
    public void Until_data_comes_by_the_new_path_the_old_one_is_the_one_in_both_directions()
    {
        Move(_away, _ticket);
        Assert.Equal(ForwardKind.ToPeer, _home.Data(0x4000, "x").Forward.Kind);
        Assert.Equal(TurnStand.IP(Home), ClientOf(FromPeer()));
        Assert.Equal(0, _home.Permit("9.9.9.11:0").Code);
        Assert.Equal(TurnStand.IP(Home), _stand.Ledger.Sessions().Single().Client.Client);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Data_by_the_new_path_ends_the_old_one_and_permissions_and_channels_go_along(bool byChannel)
    {
        Move(_away, _ticket);
        var sent = byChannel ? _away.Data(0x4000, "x") : _away.SendTo("9.9.9.10:7", "x");
        Assert.Equal((ForwardKind.ToPeer, Relay), (sent.Forward.Kind, sent.Forward.Relay));
        Assert.Equal(TurnStand.IP(Away), ClientOf(FromPeer()));
        Assert.Equal(DropReason.NoAllocation, _home.Data(0x4000, "x").Forward.Reason);
        Assert.Equal(437, _home.Refresh().Code);
        Assert.Equal(TurnStand.IP(Away), _stand.Ledger.Sessions().Single().Client.Client);
        var moved = Assert.IsType<TurnAudit.AllocationMoved>(_stand.Effects.OfType<TurnEffect.Audit>().Last().Event);
        Assert.Equal((Relay, TurnStand.IP(Away)), (moved.Relay, moved.Client.Client));
        Assert.Equal(0, _away.Refresh(0).Code);
        Assert.Empty(_stand.Opened);
    }

    [Fact]
    public void Requests_by_the_new_path_do_not_end_the_old_one()
    {
        Move(_away, _ticket);
        Assert.Equal(0, _away.Permit("9.9.9.12:0").Code);
        Assert.Equal(0, _away.Refresh().Code);
        Assert.Equal(TurnStand.IP(Home), ClientOf(FromPeer()));
    }

    [Fact]
    public void The_close_of_the_old_connection_ends_the_move_and_that_of_another_does_not()
    {
        Move(_away, _ticket);
        _stand.Server.OnClosed(_stand.Now, new TurnClient(_stand, Further).Path);
        Assert.Equal(TurnStand.IP(Home), ClientOf(FromPeer()));
        _stand.Server.OnClosed(_stand.Now, _home.Path);
        Assert.Equal(TurnStand.IP(Away), ClientOf(FromPeer()));
        Assert.Equal(DropReason.NoAllocation, _home.Data(0x4000, "x").Forward.Reason);
    }

    [Fact]
    public void The_close_of_the_new_connection_takes_the_move_back()
    {
        Move(_away, _ticket);
        _stand.Server.OnClosed(_stand.Now, _away.Path);
        Assert.Equal(DropReason.NoAllocation, _away.Data(0x4000, "x").Forward.Reason);
        Assert.Equal(TurnStand.IP(Home), ClientOf(FromPeer()));
        Assert.Equal(0, Move(_away, _ticket).Code);
    }

    [Fact]
    public void An_allocation_whose_only_connection_broke_waits_for_its_client_who_is_sent_to_at_once_when_it_is_back()
    {
        _stand.Server.OnClosed(_stand.Now, _home.Path);
        Assert.Empty(_stand.Closed);
        _stand.Pass(500);
        _stand.Server.OnClosed(_stand.Now, _home.Path);
        Assert.Equal(0, Move(_away, _ticket).Code);
        _away.Permit("9.9.9.9:0");
        Assert.Equal(TurnStand.IP(Away), ClientOf(FromPeer()));
        Assert.Equal(437, _home.Refresh().Code);
    }

    [Fact]
    public void The_next_connection_from_the_same_address_is_a_strangers_to_an_allocation_that_lost_its_own()
    {
        _stand.Close(_home.Path);
        var next = new TurnClient(_stand, Home, "bob", "builder");
        Assert.Equal(DropReason.NoAllocation, next.Data(0x4000, "x").Forward.Reason);
        Assert.Equal(DropReason.NoAllocation, next.SendTo("9.9.9.10:1", "x").Forward.Reason);
        Assert.Equal((ForwardKind.Drop, DropReason.NoClient), (FromPeer().Kind, FromPeer().Reason));
        var icmp = _stand.FromIcmp(Relay, TurnStand.IP("9.9.9.9:9"), new(3, 3, 0)).Forward;
        Assert.Equal((ForwardKind.Drop, DropReason.NoClient), (icmp.Kind, icmp.Reason));
        Assert.Equal(0, next.Allocate().Code);
        Assert.Equal(0, Move(_away, _ticket).Code);
        Assert.Equal(TurnStand.IP(Away), ClientOf(FromPeer()));
        Assert.Equal(0, next.Refresh().Code);
    }

    [Fact]
    public void Its_own_client_comes_back_to_the_same_address_by_its_ticket()
    {
        _stand.Close(_home.Path);
        Assert.Equal(437, _home.Refresh().Code);
        var next = Move(_home, _ticket);
        Assert.Equal(0, next.Code);
        Assert.Equal(TurnStand.IP(Home), ClientOf(FromPeer()));
        Assert.Equal(ForwardKind.ToPeer, _home.Data(0x4000, "x").Forward.Kind);
        Assert.Equal(400, Move(_home, next.Ticket!).Code);
    }

    [Fact]
    public void Whose_connection_is_lost_is_revoked_and_held_against_new_rules_and_ends_with_the_server()
    {
        _stand.Close(_home.Path);
        _stand.Order(new TurnOrder.Apply(Mobile with { DenyPeers = [AddressRange.Parse("9.9.9.9")] }));
        Move(_away, _ticket);
        Assert.Equal(DropReason.NoChannel, _away.Data(0x4000, "x").Forward.Reason);
        _stand.Close(_away.Path);
        _stand.Order(new TurnOrder.Revoke([Alice]));
        Assert.Empty(_stand.Ledger.Sessions());
        var ticket = _home.Allocate(Empty).Ticket!;
        _stand.Close(_home.Path);
        _stand.Order(new TurnOrder.Stop());
        Assert.Empty(_stand.Ledger.Sessions());
        Assert.Equal(437, Move(_away, ticket).Code);
        Assert.Equal(0, _stand.Server.Kept);
    }

    [Fact]
    public void One_without_a_ticket_ends_with_its_connection()
    {
        var client = new TurnClient(_stand, Further);
        client.Allocate();
        _stand.Server.OnClosed(_stand.Now, client.Path);
        Assert.Equal(437, client.Refresh().Code);
    }

    [Fact]
    public void The_old_ticket_counts_until_the_new_path_has_shown_itself_and_for_30_seconds_more_from_there_alone()
    {
        Move(_away, _ticket);
        // Its response was lost, and the network changed again.
        var further = new TurnClient(_stand, Further);
        Assert.Equal(0, Move(further, _ticket).Code);
        Assert.Equal(437, _away.Refresh().Code);
        Assert.Equal(0, Move(_away, _ticket).Code);
        _away.Data(0x4000, "x");

        Assert.Equal(0, Move(_away, _ticket).Code);
        Assert.Equal(400, Move(further, _ticket).Code);
        Assert.Equal(400, Move(_home, _ticket).Code);
        _stand.Pass(29);
        Assert.Equal(0, Move(_away, _ticket).Code);
        _stand.Pass(1);
        Assert.Equal(400, Move(_away, _ticket).Code);
    }

    [Fact]
    public void Each_move_takes_the_ticket_of_the_one_before_also_back_again()
    {
        var second = Move(_away, _ticket).Ticket!;
        _away.Data(0x4000, "x");
        var third = Move(_home, second).Ticket!;
        _home.Data(0x4000, "x");
        Assert.Equal(TurnStand.IP(Home), ClientOf(FromPeer()));
        // The first number is long over, though its ticket brought nobody from here.
        Assert.Equal(400, Move(new(_stand, Further), _ticket).Code);
        Assert.Equal(400, Move(_away, second).Code);
        Assert.Equal(0, Move(_away, third).Code);
    }

    [Fact]
    public void The_new_ticket_moves_on_before_the_path_that_it_was_given_on_has_shown_itself()
    {
        var second = Move(_away, _ticket).Ticket!;
        var further = new TurnClient(_stand, Further);
        Assert.Equal(0, Move(further, second).Code);
        further.Data(0x4000, "x");
        Assert.Equal(TurnStand.IP(Further), ClientOf(FromPeer()));
        Assert.Equal(DropReason.NoAllocation, _away.Data(0x4000, "x").Forward.Reason);
    }

    [Fact]
    public void A_ticket_from_where_the_client_is_anyway_is_400_and_a_Refresh_without_it_brings_a_fresh_one()
    {
        Assert.Equal(400, Move(_home, _ticket).Code);
        var fresh = _home.Refresh().Ticket!;
        Assert.NotEqual(_ticket, fresh);
        Assert.Equal(0, Move(_away, fresh).Code);
    }

    [Fact]
    public void Another_user_with_the_ticket_is_441_and_a_wrong_password_401()
    {
        Assert.Equal(441, Move(new(_stand, Away, "bob", "builder"), _ticket).Code);
        Assert.Equal(401, Move(new(_stand, Away, "alice", "looking-glass"), _ticket).Code);
        Assert.Equal(401, _away.Bare(StunMethod.Refresh, (ref StunWriter w) => w.Add(AttributeType.MobilityTicket, _ticket)).Code);
        Assert.Equal(DropReason.NoAllocation, _away.Data(0x4000, "x").Forward.Reason);
        Assert.Equal(TurnStand.IP(Home), ClientOf(FromPeer()));
    }

    [Fact]
    public void A_ticket_with_the_token_of_another_is_441_and_with_one_more_of_its_own_user_it_moves()
    {
        var stand = TokenClient.Stand(Mobile);
        var ticket = new TokenClient(stand, Home).Allocate(Empty).Ticket!;
        var thief = new TokenClient(stand, Further).Take(TokenClient.Mint(stand.Now, id: "grant002"));
        Assert.Equal(441, thief.Ask(StunMethod.Refresh, (ref StunWriter w) => w.Add(AttributeType.MobilityTicket, ticket)).Code);
        Assert.Equal(TurnStand.IP(Home), stand.Ledger.Sessions().Single().Client.Client);
        var owner = new TokenClient(stand, Away).Take(TokenClient.Mint(stand.Now, TokenClient.Second));
        Assert.Equal(0, owner.Ask(StunMethod.Refresh, (ref StunWriter w) => w.Add(AttributeType.MobilityTicket, ticket)).Code);
    }

    [Fact]
    public void What_is_no_ticket_of_this_server_is_400_and_one_whose_allocation_is_over_437()
    {
        byte[][] wrong = [[], [1], new byte[TicketSeal.Length], [.. _ticket[..^1], (byte)(_ticket[^1] ^ 1)]];
        foreach (var ticket in wrong) Assert.Equal(400, Move(_away, ticket).Code);
        _home.Refresh(0);
        Assert.Equal(437, Move(_away, _ticket).Code);
        Assert.Equal(437, Move(_home, _ticket).Code);
    }

    [Fact]
    public void A_five_tuple_with_another_allocation_is_437_and_a_tunnel_403()
    {
        Assert.Equal(0, _away.Allocate().Code);
        Assert.Equal(437, Move(_away, _ticket).Code);
        Assert.Equal(403, Move(new(_stand, "[2002:cb00:7101::1]:5000"), _ticket).Code);
        // ... nor is the new path free for another one while the move is under way.
        var further = new TurnClient(_stand, Further);
        Move(further, _ticket);
        Assert.Equal(437, further.Allocate().Code);
    }

    [Fact]
    public void With_lifetime_zero_the_ticket_deletes_the_allocation_from_anywhere()
    {
        var reply = Move(_away, _ticket, lifetime: 0);
        Assert.Equal((0, 0u, null), (reply.Code, reply.Lifetime!.Value, reply.Ticket));
        Assert.Empty(_stand.Opened);
        Assert.Equal(437, _home.Refresh().Code);
    }

    [Fact]
    public void An_end_while_the_move_is_under_way_frees_both_five_tuples()
    {
        Move(_away, _ticket);
        _stand.Order(new TurnOrder.Revoke([Alice]));
        Assert.Single(_stand.Closed);
        Assert.Equal((0, 0), (_home.Allocate().Code, _away.Allocate().Code));
    }

    [Fact]
    public void A_ticket_outlives_one_turn_of_the_keys_and_each_Refresh_brings_one_under_the_new()
    {
        Turn();
        Assert.Equal(0, Move(_away, _ticket).Code);
        var fresh = _home.Refresh().Ticket!;
        Turn();
        Assert.Equal(400, Move(new(_stand, Further), _ticket).Code);
        Assert.Equal(0, Move(new(_stand, Further), fresh).Code);

        void Turn() => _stand.Order(new TurnOrder.UseNonceKeys(_stand.Keys = _stand.Keys.Rotate(_stand.Random)));
    }

    [Fact]
    public void A_dual_allocation_whose_first_address_is_deleted_still_moves()
    {
        var client = new TurnClient(_stand, Further);
        var ticket = client.Allocate((ref StunWriter w) =>
        {
            w.Add(AttributeType.MobilityTicket, []);
            w.AddAdditionalAddressFamily(IPFamily.IPv6);
        }).Ticket!;
        client.Ask(StunMethod.Refresh, (ref StunWriter w) =>
        {
            w.AddRequestedAddressFamily(IPFamily.IPv4);
            w.AddLifetime(0);
        });
        Assert.Equal(0, Move(_away, ticket).Code);
        Assert.Equal(0, _away.Permit("[2606:4700::1]:0").Code);
    }

    [Fact]
    public void A_flood_of_forged_tickets_changes_nothing_and_each_costs_one_key_at_most()
    {
        var before = _stand.Effects.Count;
        var tried = _stand.Server.Counters.CredentialsTried;
        var forger = new TurnClient(_stand, Away, "alice", "looking-glass") { Nonce = _away.Bare(StunMethod.Allocate).Nonce };
        for (var i = 0; i < 1000; i++)
        {
            var ticket = new byte[TicketSeal.Length];
            _stand.Random.Fill(ticket);
            Assert.Equal(401, Move(forger, ticket).Code);
        }

        Assert.InRange(_stand.Server.Counters.CredentialsTried - tried, 1, 1000);
        Assert.Equal(before, _stand.Effects.Count);
        Assert.Single(_stand.Ledger.Sessions());
        Assert.Equal(0, Move(_away, _ticket).Code);
    }

    [Fact]
    public void Mobility_and_allocations_that_outlive_the_keys_of_their_tickets_are_a_mistake()
    {
        Assert.Empty(Mobile.Mistakes());
        Assert.Single((Mobile with { NonceLifetime = TimeSpan.FromMinutes(30) }).Mistakes());
    }

    static TurnReply Move(TurnClient client, byte[] ticket, uint? lifetime = null) => client.Ask(StunMethod.Refresh, (ref StunWriter w) =>
    {
        if (lifetime is { } seconds) w.AddLifetime(seconds);
        w.Add(AttributeType.MobilityTicket, ticket);
    });

    Forward FromPeer() => _stand.FromPeer(Relay, TurnStand.IP("9.9.9.9:9"), "x"u8).Forward;

    static TransportAddress ClientOf(Forward forward) => forward.Path.FiveTuple.Client;
}
