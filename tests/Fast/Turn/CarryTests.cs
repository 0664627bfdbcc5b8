using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>A client that moves is heard by another worker than the one that has its allocation (RFC 8016).</summary>
public class CarryTests
{
    const string Home = "203.0.113.77:40000";
    const string Away = "198.51.100.9:5000";
    const string Further = "198.51.100.10:6000";

    static readonly TurnSettings Mobile = TurnStand.Ordinary with { Mobility = true };
    static readonly TurnClient.Fill Empty = (ref StunWriter w) => w.Add(AttributeType.MobilityTicket, []);
    static readonly Subject Alice = new(CredentialKind.Static, Bytes.Utf8("alice"));
    static readonly WorkerId Receiver = new(1);

    readonly TwoWorkers _workers;
    readonly TurnClient _home;
    readonly TurnClient _away;
    readonly byte[] _ticket;

    public CarryTests()
        : this(Mobile)
    {
    }

    CarryTests(TurnSettings settings)
    {
        _workers = new(settings);
        (_home, _away) = (new(_workers.First, Home), new(_workers.Second, Away));
        _ticket = _home.Allocate(Empty).Ticket!;
        _home.Bind(0x4000, "9.9.9.9:9");
        _home.Permit("9.9.9.10:0");
    }

    RelayId Relay => _workers.First.Asked.First().Relay;

    [Fact]
    public void A_Refresh_with_the_ticket_is_carried_to_its_worker_which_lodges_the_client_before_it_answers()
    {
        _away.Nonce = _away.Bare(StunMethod.Allocate).Nonce;
        var reply = Move(_away, _ticket);
        Assert.Equal((0, 600u, 1), (reply.Code, reply.Lifetime, _workers.Carried));
        Assert.True(reply.VerifiesWith(_away.Key));
        Assert.NotEqual(_ticket, reply.Ticket);
        var path = _away.Path with { CarriedBy = Receiver };
        Assert.Equal(path, reply.Forward.Path);
        var order = new TurnOrder.Lodge(path, default, _workers.First.Now + TimeSpan.FromSeconds(600));
        Assert.Equal([new TurnEffect.Post(Receiver, order)], _workers.Orders);
        Assert.Single(_workers.First.Ledger.Sessions());
        Assert.Equal(1, _workers.First.Ledger.Charged(Alice));
        Assert.Empty(_workers.Second.Opened);
    }

    [Fact]
    public void Until_data_comes_by_the_new_path_the_old_one_is_the_one_in_both_directions()
    {
        Move(_away, _ticket);
        Assert.Equal(ForwardKind.ToPeer, _home.Data(0x4000, "x").Forward.Kind);
        Assert.Equal(_home.Path, FromPeer().Path);
        Assert.Equal(0, _away.Permit("9.9.9.12:0").Code);
        Assert.Equal(0, _away.Refresh().Code);
        Assert.Equal(_home.Path, FromPeer().Path);
        Assert.Equal(TurnStand.IP(Home), _workers.First.Ledger.Sessions().Single().Client.Client);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Data_by_the_new_path_ends_the_old_one_and_permissions_and_channels_go_along(bool byChannel)
    {
        Move(_away, _ticket);
        var sent = byChannel ? _away.Data(0x4000, "x") : _away.SendTo("9.9.9.10:7", "x");
        Assert.Equal((ForwardKind.ToPeer, Relay), (sent.Forward.Kind, sent.Forward.Relay));
        Assert.Equal(_away.Path with { CarriedBy = Receiver }, FromPeer().Path);
        Assert.Equal(DropReason.NoAllocation, _home.Data(0x4000, "x").Forward.Reason);
        Assert.Equal(437, _home.Refresh().Code);
        Assert.Equal(TurnStand.IP(Away), _workers.First.Ledger.Sessions().Single().Client.Client);
        Assert.Equal((0, 0, 0), (_away.Bind(0x4001, "9.9.9.9:10").Code, _away.Permit("9.9.9.11:0").Code, _away.Refresh().Code));
        Assert.Equal(437, _away.Allocate().Code);
        Assert.Equal(0, _away.Refresh(0).Code);
        Assert.Empty(_workers.First.Opened);
        Assert.Equal(DropReason.NoAllocation, _away.Data(0x4000, "x").Forward.Reason);
        AssertNothingIsKept();
    }

    [Fact]
    public void It_moves_on_at_the_receiver_and_back_to_the_owner_and_what_it_left_is_released()
    {
        var further = new TurnClient(_workers.Second, Further);
        var second = Move(_away, _ticket).Ticket!;
        _away.Data(0x4000, "x");
        var third = Move(further, second).Ticket!;
        Assert.Equal(_away.Path with { CarriedBy = Receiver }, FromPeer().Path);
        Assert.Equal(ForwardKind.ToPeer, _away.Data(0x4000, "x").Forward.Kind);
        further.Data(0x4000, "x");
        Assert.Equal(DropReason.NoAllocation, _away.Data(0x4000, "x").Forward.Reason);
        Assert.Equal(further.Path with { CarriedBy = Receiver }, FromPeer().Path);
        Move(_home, third);
        Assert.Equal(ForwardKind.ToPeer, _home.Data(0x4000, "x").Forward.Kind);
        Assert.Equal(_home.Path, FromPeer().Path);
        Assert.Equal(437, further.Refresh().Code);
        Assert.Equal(0, _workers.Second.Server.Kept);
    }

    [Fact]
    public void Another_place_in_the_middle_of_a_move_takes_the_place_of_the_first()
    {
        Move(_away, _ticket);
        var further = new TurnClient(_workers.Second, Further);
        Assert.Equal(0, Move(further, _ticket).Code);
        Assert.Equal(437, _away.Refresh().Code);
        Assert.Equal(ForwardKind.ToPeer, further.Data(0x4000, "x").Forward.Kind);
    }

    [Fact]
    public void What_another_user_or_a_wrong_password_brings_is_judged_by_the_owner()
    {
        Assert.Equal(441, Move(new(_workers.Second, Away, "bob", "builder"), _ticket).Code);
        Assert.Equal(401, Move(new(_workers.Second, Away, "alice", "looking-glass"), _ticket).Code);
        Assert.Equal(2, _workers.Carried);
        Assert.Equal(DropReason.NoAllocation, _away.Data(0x4000, "x").Forward.Reason);
        Assert.Equal(0, _workers.Second.Server.Kept);
    }

    [Fact]
    public void A_ticket_of_an_allocation_that_is_over_is_437()
    {
        _home.Refresh(0);
        Assert.Equal(437, Move(_away, _ticket).Code);
        AssertNothingIsKept();
    }

    [Fact]
    public void Without_a_nonce_of_its_own_or_with_a_ticket_that_is_none_nothing_is_carried()
    {
        var stolen = new TurnClient(_workers.Second, Away) { Nonce = _home.Nonce };
        Assert.Equal(438, Move(stolen, _ticket).Code);
        Assert.Equal(401, _away.Bare(StunMethod.Refresh, (ref StunWriter w) => w.Add(AttributeType.MobilityTicket, _ticket)).Code);
        byte[][] wrong = [[], [1], new byte[TicketSeal.Length], [.. _ticket[..^1], (byte)(_ticket[^1] ^ 1)]];
        foreach (var ticket in wrong) Assert.Equal(400, Move(_away, ticket).Code);
        Assert.Equal(0, _workers.Carried);
    }

    [Fact]
    public void Of_a_source_that_replays_a_ticket_no_more_is_carried_than_credentials_may_be_tried()
    {
        var limits = Mobile.Unauthenticated with { AnswersPerSecond = 1, Burst = 4, KnownFactor = 5 };
        var test = new CarryTests(Mobile with { Unauthenticated = limits });
        var nonce = test._away.Bare(StunMethod.Allocate).Nonce;
        var thief = new TurnClient(test._workers.Second, Away, "alice", "looking-glass") { Nonce = nonce };
        var tried = test._workers.First.Server.Counters.CredentialsTried;
        var last = default(TurnReply);
        for (var i = 0; i < 1000; i++) last = Move(thief, test._ticket);
        Assert.Equal(DropReason.TooManyTries, last!.Forward.Reason);
        Assert.Equal(20, test._workers.Carried);
        Assert.InRange(test._workers.First.Server.Counters.CredentialsTried - tried, 20, 40);
        // The client itself comes from elsewhere.
        Assert.Equal(0, Move(new(test._workers.Second, Further), test._ticket).Code);
    }

    [Fact]
    public void From_where_a_client_is_lodged_a_request_that_proves_nothing_is_answered_by_the_receiver()
    {
        Move(_away, _ticket);
        var carried = _workers.Carried;
        Assert.Equal(401, _away.Bare(StunMethod.Refresh).Code);
        Assert.Equal(438, new TurnClient(_workers.Second, Away) { Nonce = _home.Nonce }.Refresh().Code);
        Assert.Equal(0, _away.Bare(StunMethod.Binding).Code);
        Assert.Equal(carried, _workers.Carried);
    }

    [Fact]
    public void A_five_tuple_that_is_in_use_at_the_receiver_is_437_and_so_is_one_lodged_for_another()
    {
        Assert.Equal(0, _away.Allocate().Code);
        Assert.Equal(437, Move(_away, _ticket).Code);
        Assert.Equal(0, _workers.Carried);

        var ofSecond = new TurnClient(_workers.Second, "203.0.113.80:1").Allocate(Empty).Ticket!;
        var further = new TurnClient(_workers.Second, Further);
        Assert.Equal(0, Move(further, _ticket).Code);
        Assert.Equal(437, Move(further, ofSecond).Code);
    }

    [Fact]
    public void A_five_tuple_that_came_into_use_meanwhile_is_not_lodged_and_its_move_is_taken_back()
    {
        _workers.LoseOrders();
        Move(_away, _ticket);
        Assert.Equal(0, _away.Allocate().Code);
        _workers.BringOrders();
        var soon = _workers.First.Now + TimeSpan.FromMinutes(9);
        _workers.Second.Order(new TurnOrder.Lodge(_away.Path with { CarriedBy = Receiver }, default, soon));
        Assert.IsType<TurnOrder.Lose>(_workers.Orders.First().Order);
        Assert.Equal(DropReason.NoChannel, _away.Data(0x4000, "x").Forward.Reason);
        Assert.Equal(0, Move(new(_workers.Second, Further), _ticket).Code);
    }

    [Fact]
    public void No_more_clients_are_lodged_than_a_worker_may_have_allocations()
    {
        var workers = new TwoWorkers(Mobile with { MaxAllocations = 2 });
        int[] codes = [.. Enumerable.Range(1, 3).Select(n =>
        {
            if (n == 3) workers.LoseOrders();
            var ticket = new TurnClient(workers.First, $"203.0.113.{n}:1").Allocate(Empty).Ticket;
            return ticket is null ? 508 : Move(new(workers.Second, $"198.51.100.{n}:1"), ticket).Code;
        })];
        Assert.Equal([0, 0, 508], codes);
        workers.BringOrders();
        var path = new TurnClient(workers.Second, "198.51.100.3:1").Path with { CarriedBy = Receiver };
        workers.Second.Order(new TurnOrder.Lodge(path, default, workers.First.Now + TimeSpan.FromMinutes(9)));
        Assert.Equal(new TurnOrder.Lose(path), workers.Orders.Last().Order);
    }

    [Fact]
    public void Revocation_ends_it_at_both()
    {
        Move(_away, _ticket);
        _workers.First.Order(new TurnOrder.Revoke([Alice]));
        _workers.Second.Order(new TurnOrder.Revoke([Alice]));
        Assert.Equal(DropReason.NoAllocation, _away.Data(0x4000, "x").Forward.Reason);
        AssertNothingIsKept();
        Assert.Equal((0, 0), (_home.Allocate().Code, _away.Allocate().Code));
    }

    [Fact]
    public void A_drain_lets_it_go_on_and_the_end_of_the_server_ends_it_at_both()
    {
        _workers.First.Order(new TurnOrder.Drain(true));
        _workers.Second.Order(new TurnOrder.Drain(true));
        Assert.Equal(0, Move(_away, _ticket).Code);
        Assert.Equal(ForwardKind.ToPeer, _away.Data(0x4000, "x").Forward.Kind);
        _workers.First.Order(new TurnOrder.Stop());
        AssertNothingIsKept();
    }

    [Fact]
    public void It_lives_as_long_as_it_is_refreshed_from_either_side_and_its_expiry_ends_it_at_both()
    {
        Move(_away, _ticket);
        _away.Data(0x4000, "x");
        for (var i = 0; i < 3; i++)
        {
            _workers.Pass(TimeSpan.FromSeconds(500));
            Assert.Equal(0, _away.Refresh().Code);
            Assert.True(_workers.Second.Server.HasAllocation(_workers.Second.Now, _away.Path));
        }

        _workers.Pass(TimeSpan.FromSeconds(600));
        Assert.False(_workers.Second.Server.HasAllocation(_workers.Second.Now, _away.Path));
        AssertNothingIsKept();
    }

    [Fact]
    public void A_Refresh_by_the_old_path_lets_the_new_one_live_as_long()
    {
        Move(_away, _ticket);
        _workers.Pass(TimeSpan.FromSeconds(500));
        Assert.Equal(0, _home.Refresh().Code);
        _workers.Pass(TimeSpan.FromSeconds(500));
        _away.Permit("9.9.9.10:0");
        Assert.Equal(ForwardKind.ToPeer, _away.SendTo("9.9.9.10:7", "x").Forward.Kind);
    }

    [Fact]
    public void Where_the_order_to_lodge_was_lost_the_same_request_once_more_brings_it()
    {
        _workers.LoseOrders();
        Assert.Equal(0, Move(_away, _ticket).Code);
        Assert.Equal(DropReason.NoAllocation, _away.Data(0x4000, "x").Forward.Reason);
        _workers.BringOrders();
        Assert.Equal(0, Move(_away, _ticket).Code);
        Assert.Equal(ForwardKind.ToPeer, _away.Data(0x4000, "x").Forward.Kind);
    }

    [Fact]
    public void Where_the_order_to_release_was_lost_the_next_message_brings_it()
    {
        Move(_away, _ticket);
        _workers.LoseOrders();
        _home.Refresh(0);
        Assert.Equal(1, _workers.Second.Server.Kept);
        _workers.BringOrders();
        // Nothing begins at a worker that does not hear the client itself.
        var request = TurnClient.NextTransaction();
        Assert.Equal(DropReason.NoAllocation, _away.Allocate(transaction: request).Forward.Reason);
        Assert.Equal(0, _away.Allocate(transaction: request).Code);
        Assert.Single(_workers.Second.Opened);
        Assert.Empty(_workers.First.Opened);
    }

    [Fact]
    public void Where_it_was_lost_and_nothing_comes_time_ends_it()
    {
        Move(_away, _ticket);
        _workers.LoseOrders();
        _home.Refresh(0);
        _workers.Pass(TimeSpan.FromSeconds(599));
        Assert.Equal(1, _workers.Second.Server.Kept);
        _workers.Pass(TimeSpan.FromSeconds(1));
        AssertNothingIsKept();
    }

    [Fact]
    public void The_close_of_the_new_connection_takes_the_move_back()
    {
        Move(_away, _ticket);
        _workers.Second.Close(_away.Path);
        Assert.Equal(_home.Path, FromPeer().Path);
        Assert.Equal(0, _workers.Second.Server.Kept);
        Assert.Equal(0, Move(_away, _ticket).Code);
    }

    [Fact]
    public void The_close_of_the_old_connection_ends_the_move_whichever_worker_heard_it()
    {
        var second = Move(_away, _ticket).Ticket!;
        _workers.First.Close(_home.Path);
        Assert.Equal(_away.Path with { CarriedBy = Receiver }, FromPeer().Path);
        Assert.Equal(0, Move(_home, second).Code);
        _workers.Second.Close(_away.Path);
        Assert.Equal(_home.Path, FromPeer().Path);
        Assert.Equal(0, _workers.Second.Server.Kept);
    }

    [Fact]
    public void One_whose_only_connection_broke_at_the_receiver_waits_for_its_client()
    {
        var second = Move(_away, _ticket).Ticket!;
        _away.Data(0x4000, "x");
        _workers.Second.Close(_away.Path);
        Assert.Empty(_workers.First.Closed);
        Assert.Equal(0, Move(_home, second).Code);
        Assert.Equal(_home.Path, FromPeer().Path);
    }

    [Fact]
    public void A_request_counts_once()
    {
        Move(_away, _ticket);
        _away.Refresh();
        var counts = new[] { _workers.First, _workers.Second }
            .Sum(worker => worker.Server.Counters.By(ClientTransport.Udp).Requests(StunMethod.Refresh));
        Assert.Equal(2, counts);
    }

    static TurnReply Move(TurnClient client, byte[] ticket) => client.Ask(StunMethod.Refresh, (ref StunWriter w) =>
        w.Add(AttributeType.MobilityTicket, ticket));

    Forward FromPeer() => _workers.First.FromPeer(Relay, TurnStand.IP("9.9.9.9:9"), "x"u8).Forward;

    void AssertNothingIsKept() => Assert.Equal((0, 0), (_workers.First.Server.Kept, _workers.Second.Server.Kept));
}
