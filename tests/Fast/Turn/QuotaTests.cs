using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>How many allocations a client's address and the whole server may have; of subjects see <see cref="AllocateTests"/>.</summary>
public class QuotaTests
{
    [Fact]
    public void An_address_has_so_many_whoever_asks_and_486_beyond_without_a_question()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { AddressQuota = 3 });
        var codes = Enumerable.Range(0, 5).Select(i => new TurnClient(
            stand, $"203.0.113.77:{4000 + i}", i % 2 == 0 ? "alice" : "bob", i % 2 == 0 ? "wonderland" : "builder").Allocate().Code);
        Assert.Equal([0, 0, 0, 486, 486], codes.ToArray());
        Assert.Equal(3, stand.Asked.Count());
        Assert.Equal(0, new TurnClient(stand, "203.0.113.78:4000").Allocate().Code);
    }

    [Fact]
    public void Of_IPv6_a_64_counts_as_one_address()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { AddressQuota = 2 });
        string[] addresses = ["[2001:db7:1:1::1]:1", "[2001:db7:1:1:ffff::2]:1", "[2001:db7:1:1::3]:1", "[2001:db7:1:2::3]:1"];
        Assert.Equal([0, 0, 486, 0], addresses.Select(address => new TurnClient(stand, address).Allocate().Code).ToArray());
    }

    [Fact]
    public void All_workers_together_have_so_many_and_508_beyond_until_one_ends()
    {
        var settings = TurnStand.Ordinary with { TotalQuota = 4 };
        var ledger = new TurnLedger(settings);
        TurnStand[] workers = [new(settings, ledger: ledger), new(settings, ledger: ledger, worker: 1, seed: 2)];
        var clients = Enumerable.Range(0, 6).Select(i => new TurnClient(workers[i % 2], $"203.0.113.{i}:1")).ToArray();
        Assert.Equal([0, 0, 0, 0, 508, 508], clients.Select(client => client.Allocate().Code).ToArray());
        Assert.Equal(4, workers.Sum(worker => worker.Asked.Count()));
        Assert.Equal(0, clients[0].Refresh(0).Code);
        Assert.Equal(0, clients[5].Allocate().Code);
    }

    [Fact]
    public void A_reserved_port_counts_for_address_and_server_and_its_redemption_once()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { AddressQuota = 2, TotalQuota = 2 });
        var token = new TurnClient(stand, "203.0.113.77:1").Allocate((ref StunWriter w) => w.AddEvenPort(true)).Token!.Value;
        Assert.Equal(486, new TurnClient(stand, "203.0.113.77:2").Allocate().Code);
        Assert.Equal(508, new TurnClient(stand, "203.0.113.78:2").Allocate().Code);
        Assert.Equal(0, new TurnClient(stand, "203.0.113.77:2").Allocate((ref StunWriter w) => w.AddReservationToken(token)).Code);
        Assert.Equal(486, new TurnClient(stand, "203.0.113.77:3").Allocate().Code);
        stand.Pass(700);
        Assert.Equal(0, stand.Ledger.Kept(stand.Now));
    }

    [Fact]
    public void Other_quotas_hold_for_what_is_asked_for_from_then_on()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { AddressQuota = 1 });
        Assert.Equal(0, new TurnClient(stand, "203.0.113.77:1").Allocate().Code);
        Assert.Equal(486, new TurnClient(stand, "203.0.113.77:2").Allocate().Code);
        stand.Order(new TurnOrder.Apply(TurnStand.Ordinary with { AddressQuota = 2 }));
        Assert.Equal(0, new TurnClient(stand, "203.0.113.77:3").Allocate().Code);
        stand.Order(new TurnOrder.Apply(TurnStand.Ordinary with { TotalQuota = 1 }));
        Assert.Equal(508, new TurnClient(stand, "203.0.113.78:3").Allocate().Code);
        Assert.Equal(2, stand.Ledger.Sessions().Length);
    }

    [Fact]
    public void A_relay_that_cannot_be_opened_gives_its_place_back()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { AddressQuota = 1, TotalQuota = 1 })
        {
            Outside = _ => new TurnAnswer.RelayRefused(),
        };
        for (var i = 0; i < 3; i++) Assert.Equal(508, new TurnClient(stand, $"203.0.113.77:{i + 1}").Allocate().Code);
        Assert.Equal(0, stand.Ledger.Kept(stand.Now));
    }
}
