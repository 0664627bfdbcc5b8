using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>RFC 8656 §7.2, step by step.</summary>
public class AllocateTests
{
    [Fact]
    public void An_allocation_opens_a_relay_and_names_it_to_the_client()
    {
        var stand = new TurnStand();
        var reply = new TurnClient(stand).Allocate();

        var asked = Assert.Single(stand.Asked);
        Assert.Equal(asked.Address, reply.Relayed);
        Assert.Equal("198.41.0.4", reply.Relayed.ToIPAddress().ToString());
        Assert.InRange(reply.Relayed.Port, 49152, 65535);
        Assert.Equal(TurnStand.IP("203.0.113.77:40000"), reply.Mapped);
        Assert.Equal(600u, reply.Lifetime);
        Assert.True(reply.Has(AttributeType.Software));
        var began = Assert.Single(stand.Effects.OfType<TurnEffect.Audit>());
        Assert.Equal(asked.Relay, Assert.IsType<TurnAudit.AllocationBegan>(began.Event).Session.Relay);
        Assert.Equal(stand.Now + TimeSpan.FromSeconds(600), stand.Server.NextDeadline);
    }

    [Fact]
    public void The_client_is_told_the_public_address_and_the_socket_is_bound_to_the_local_one()
    {
        var settings = TurnStand.Ordinary with { Relays = [new(TurnStand.IP("10.0.0.9:0"), TurnStand.IP("198.41.0.9:0"))] };
        var stand = new TurnStand(settings);
        var relayed = new TurnClient(stand).Allocate().Relayed;
        var asked = Assert.Single(stand.Asked).Address;
        Assert.Equal("10.0.0.9", asked.ToIPAddress().ToString());
        Assert.Equal(TurnStand.IP($"198.41.0.9:{asked.Port}"), relayed);
    }

    [Theory]
    [InlineData("[2001:4860::1]:5000")]
    [InlineData("203.0.113.77:5000")]
    public void Clients_of_both_families_get_relays_of_both_families_and_IPv4_by_default(string client)
    {
        var stand = new TurnStand();
        Assert.Equal(IPFamily.IPv4, new TurnClient(stand, client).Allocate().Relayed.Family);
        Assert.Equal(IPFamily.IPv6, new TurnClient(stand, client.Replace("5000", "5001"))
            .Allocate((ref StunWriter w) => w.AddRequestedAddressFamily(IPFamily.IPv6)).Relayed.Family);
    }

    [Fact]
    public void A_second_Allocate_on_a_five_tuple_in_use_is_answered_437()
    {
        var client = new TurnClient(new());
        Assert.Equal(0, client.Allocate().Code);
        Assert.Equal(437, client.Allocate().Code);
    }

    [Fact]
    public void A_retransmitted_Allocate_is_answered_alike_and_opens_nothing()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        var transaction = TurnClient.NextTransaction();
        var first = client.Allocate(transaction: transaction);
        var second = client.Allocate(transaction: transaction);

        Assert.Equal(first.Bytes, second.Bytes);
        stand.Pass(2);
        Assert.Equal((598u, first.Relayed), (client.Allocate(transaction: transaction).Lifetime!.Value, first.Relayed));
        Assert.Single(stand.Asked);
    }

    [Fact]
    public void The_transaction_of_another_user_on_the_five_tuple_is_no_retransmission()
    {
        var stand = new TurnStand();
        var transaction = TurnClient.NextTransaction();
        new TurnClient(stand).Allocate(transaction: transaction);
        Assert.Equal(437, new TurnClient(stand, username: "bob", password: "builder").Allocate(transaction: transaction).Code);
    }

    [Fact]
    public void Without_REQUESTED_TRANSPORT_the_answer_is_400()
    {
        var client = new TurnClient(new());
        Assert.Equal(400, client.Ask(StunMethod.Allocate).Code);
        TurnClient.Fill tooShort = (ref StunWriter w) => w.Add(AttributeType.RequestedTransport, [17]);
        Assert.Equal(400, client.Ask(StunMethod.Allocate, tooShort).Code);
    }

    [Fact]
    public void Another_transport_than_UDP_is_answered_442()
    {
        var client = new TurnClient(new());
        Assert.Equal(442, client.Ask(StunMethod.Allocate, (ref StunWriter w) => w.AddRequestedTransport(6)).Code);
    }

    [Fact]
    public void DONT_FRAGMENT_is_unknown_where_the_path_cannot_obey_and_fine_where_it_can()
    {
        var reply = new TurnClient(new()).Allocate((ref StunWriter w) => w.AddDontFragment());
        Assert.Equal((420, AttributeType.DontFragment), (reply.Code, reply.Unknown.Single()));
        var able = new TurnStand(TurnStand.Ordinary with { CanForbidFragments = true });
        Assert.Equal(0, new TurnClient(able).Allocate((ref StunWriter w) => w.AddDontFragment()).Code);
    }

    [Fact]
    public void A_family_that_no_relay_address_has_is_answered_440()
    {
        var only4 = TurnStand.Ordinary with { Relays = [new(TurnStand.IP("198.41.0.4:0"))] };
        var only6 = TurnStand.Ordinary with { Relays = [new(TurnStand.IP("[2620:fe::9]:0"))] };
        TurnClient.Fill six = (ref StunWriter w) => w.AddRequestedAddressFamily(IPFamily.IPv6);
        TurnClient.Fill three = (ref StunWriter w) => w.AddRequestedAddressFamily((IPFamily)3);
        Assert.Equal(440, new TurnClient(new(only4)).Allocate(six).Code);
        Assert.Equal(440, new TurnClient(new(only4)).Allocate(three).Code);
        Assert.Equal(440, new TurnClient(new(only6)).Allocate().Code);
    }

    [Fact]
    public void Both_families_asked_for_in_two_ways_is_answered_400()
    {
        var client = new TurnClient(new());
        Assert.Equal(400, client.Allocate((ref StunWriter w) =>
        {
            w.AddRequestedAddressFamily(IPFamily.IPv6);
            w.AddAdditionalAddressFamily(IPFamily.IPv6);
        }).Code);
        Assert.Equal(400, client.Allocate((ref StunWriter w) => w.AddAdditionalAddressFamily(IPFamily.IPv4)).Code);
        Assert.Equal(400, client.Allocate((ref StunWriter w) =>
        {
            w.AddEvenPort(reserveNext: true);
            w.AddAdditionalAddressFamily(IPFamily.IPv6);
        }).Code);
    }

    [Fact]
    public void EVEN_PORT_gives_an_even_port()
    {
        var stand = new TurnStand();
        for (var i = 0; i < 50; i++)
        {
            var reply = new TurnClient(stand, $"203.0.113.1:{1000 + i}").Allocate((ref StunWriter w) => w.AddEvenPort(false));
            Assert.Equal(0, reply.Relayed.Port % 2);
        }
    }

    [Fact]
    public void A_reserved_port_is_had_with_its_token_from_anywhere_for_thirty_seconds()
    {
        var stand = new TurnStand();
        var transaction = TurnClient.NextTransaction();
        var client = new TurnClient(stand);
        var first = client.Allocate((ref StunWriter w) => w.AddEvenPort(true), transaction);
        Assert.Equal(0, first.Relayed.Port % 2);
        var token = Assert.NotNull(first.Token);
        Assert.Equal(token, client.Allocate((ref StunWriter w) => w.AddEvenPort(true), transaction).Token);

        stand.Pass(29);
        var bob = new TurnClient(stand, "198.51.100.9:9", "bob", "builder");
        var second = bob.Allocate((ref StunWriter w) => w.AddReservationToken(token));
        Assert.Equal(first.Relayed.WithPort((ushort)(first.Relayed.Port + 1)), second.Relayed);
        // Used up.
        var third = new TurnClient(stand, "203.0.113.5:5");
        Assert.Equal(508, third.Allocate((ref StunWriter w) => w.AddReservationToken(token)).Code);
    }

    [Fact]
    public void After_thirty_seconds_a_reservation_is_over_and_its_port_free()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { RelayPorts = new(50000, 50001) });
        var token = new TurnClient(stand).Allocate((ref StunWriter w) => w.AddEvenPort(true)).Token!.Value;
        var other = new TurnClient(stand, "203.0.113.78:1");
        Assert.Equal(508, other.Allocate().Code);
        stand.Pass(30);
        Assert.Equal(508, other.Allocate((ref StunWriter w) => w.AddReservationToken(token)).Code);
        Assert.Equal(50001, other.Allocate().Relayed.Port);
    }

    [Fact]
    public void A_token_beside_EVEN_PORT_or_a_family_is_answered_400_and_an_unknown_one_508()
    {
        var client = new TurnClient(new());
        TurnClient.Fill[] besides =
        [
            (ref StunWriter w) => w.AddEvenPort(false),
            (ref StunWriter w) => w.AddRequestedAddressFamily(IPFamily.IPv4),
            (ref StunWriter w) => w.AddAdditionalAddressFamily(IPFamily.IPv6),
        ];
        foreach (var beside in besides)
            Assert.Equal(400, client.Allocate((ref StunWriter w) =>
            {
                w.AddReservationToken(1);
                beside(ref w);
            }).Code);
        Assert.Equal(508, client.Allocate((ref StunWriter w) => w.AddReservationToken(1)).Code);
        Assert.Equal(400, client.Allocate((ref StunWriter w) => w.Add(AttributeType.ReservationToken, 1u)).Code);
    }

    [Fact]
    public void More_allocations_than_the_quota_are_answered_486_until_one_ends()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { StaticUserQuota = 2 });
        var clients = Enumerable.Range(0, 3).Select(i => new TurnClient(stand, $"203.0.113.{i}:1")).ToArray();
        Assert.Equal([0, 0, 486], clients.Select(client => client.Allocate().Code));
        Assert.Equal(0, new TurnClient(stand, "203.0.113.9:9", "bob", "builder").Allocate().Code);
        Assert.Equal(0, clients[0].Refresh(0).Code);
        Assert.Equal(0, clients[2].Allocate().Code);
    }

    [Fact]
    public void A_reservation_is_charged_until_it_is_used_or_over()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { StaticUserQuota = 2 });
        var client = new TurnClient(stand);
        var token = client.Allocate((ref StunWriter w) => w.AddEvenPort(true)).Token!.Value;
        Assert.Equal(486, new TurnClient(stand, "203.0.113.2:1").Allocate().Code);
        Assert.Equal(0, new TurnClient(stand, "203.0.113.3:1").Allocate((ref StunWriter w) => w.AddReservationToken(token)).Code);
        Assert.Equal(0, client.Refresh(0).Code);
        Assert.Equal(0, client.Allocate().Code);
    }

    [Fact]
    public void A_reservation_that_another_user_redeems_is_charged_to_him()
    {
        var stand = new TurnStand();
        var token = new TurnClient(stand).Allocate((ref StunWriter w) => w.AddEvenPort(true)).Token!.Value;
        var alice = new Subject(CredentialKind.Static, Bytes.Utf8("alice"));
        var bob = new Subject(CredentialKind.Static, Bytes.Utf8("bob"));
        Assert.Equal((2, 0), (stand.Ledger.Charged(alice), stand.Ledger.Charged(bob)));
        new TurnClient(stand, "203.0.113.5:5", "bob", "builder").Allocate((ref StunWriter w) => w.AddReservationToken(token));
        Assert.Equal((1, 1), (stand.Ledger.Charged(alice), stand.Ledger.Charged(bob)));
    }

    [Fact]
    public void When_no_port_is_left_the_answer_is_508()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { RelayPorts = new(50000, 50003) });
        var codes = Enumerable.Range(0, 5).Select(i => new TurnClient(stand, $"203.0.113.{i}:1").Allocate().Code);
        Assert.Equal([0, 0, 0, 0, 508], codes);
    }

    [Fact]
    public void When_no_worker_slot_is_left_the_answer_is_508()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { MaxAllocations = 1 });
        Assert.Equal(0, new TurnClient(stand).Allocate().Code);
        Assert.Equal(508, new TurnClient(stand, "203.0.113.2:1").Allocate().Code);
    }

    [Theory]
    [InlineData("[2002:cb00:7101::1]:5000")]
    [InlineData("[2001:0:53aa:64c::1]:5000")]
    public void Clients_behind_6to4_and_Teredo_are_refused_403(string address) =>
        Assert.Equal(403, new TurnClient(new(), address).Allocate().Code);

    [Theory]
    [InlineData(null, 600)]
    [InlineData(0u, 600)]
    [InlineData(10u, 600)]
    [InlineData(601u, 601)]
    [InlineData(3600u, 3600)]
    [InlineData(3601u, 3600)]
    [InlineData(uint.MaxValue, 3600)]
    public void The_lifetime_is_what_is_asked_for_between_the_default_and_the_longest(uint? asked, uint granted)
    {
        var stand = new TurnStand();
        var reply = new TurnClient(stand).Allocate((ref StunWriter w) =>
        {
            if (asked is { } seconds) w.AddLifetime(seconds);
        });
        Assert.Equal(granted, reply.Lifetime);
        Assert.Equal(stand.Now + TimeSpan.FromSeconds(granted), stand.Server.NextDeadline);
    }

    [Fact]
    public void A_malformed_attribute_is_answered_400()
    {
        var client = new TurnClient(new(TurnStand.Ordinary with { CanForbidFragments = true }));
        AttributeType[] types =
        [
            AttributeType.Lifetime, AttributeType.EvenPort, AttributeType.RequestedAddressFamily, AttributeType.DontFragment,
            AttributeType.AdditionalAddressFamily,
        ];
        foreach (var type in types)
            Assert.Equal(400, client.Allocate((ref StunWriter w) => w.Add(type, [1, 2, 3])).Code);
    }

    [Fact]
    public void A_malformed_software_or_unknown_optional_attribute_changes_nothing() =>
        Assert.Equal(0, new TurnClient(new()).Allocate((ref StunWriter w) => w.Add((AttributeType)0x8FFF, [1, 2, 3])).Code);
}
