using CsCheck;
using Portunus.Bedrock;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>What workers share.</summary>
public class LedgerTests
{
    [Fact]
    public void Two_workers_never_hold_one_port_and_share_a_quota()
    {
        var settings = TurnStand.Ordinary with { RelayPorts = new(50000, 50009), StaticUserQuota = 8 };
        var ledger = new TurnLedger(settings);
        TurnStand[] workers = [new(settings, ledger: ledger, worker: 0), new(settings, ledger: ledger, worker: 1, seed: 2)];
        var replies = Enumerable.Range(0, 10)
            .Select(i => new TurnClient(workers[i % 2], $"203.0.113.{i}:1").Allocate()).ToArray();
        Assert.Equal(8, replies.Where(reply => reply.Code == 0).Select(reply => reply.Relayed.Port).Distinct().Count());
        Assert.Equal([486, 486], replies.Where(reply => reply.Code != 0).Select(reply => reply.Code));
        Assert.Equal(8, ledger.Sessions().Length);
        Assert.Equal([0, 1], ledger.Sessions().Select(session => (int)session.Relay.Worker.Value).Distinct().Order());
    }

    [Fact]
    public void A_reservation_made_at_one_worker_is_used_at_another()
    {
        var ledger = new TurnLedger(TurnStand.Ordinary);
        var token = new TurnClient(new(ledger: ledger)).Allocate((ref StunWriter w) => w.AddEvenPort(true)).Token!.Value;
        var there = new TurnStand(ledger: ledger, worker: 1) { Others = _ => new TurnAnswer.RelayYielded() };
        var other = new TurnClient(there, "203.0.113.5:5");
        Assert.Equal(0, other.Allocate((ref StunWriter w) => w.AddReservationToken(token)).Code);
    }

    [Fact]
    public void Ports_are_spread_over_the_range_by_chance()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { StaticUserQuota = 1000 });
        var ports = Enumerable.Range(0, 500)
            .Select(i => (int)new TurnClient(stand, $"203.0.113.9:{1000 + i}").Allocate().Relayed.Port).ToArray();
        Assert.Equal(500, ports.Distinct().Count());
        // Of 500 in 16,384, each quarter of the range has its share of about 125.
        Assert.All(Enumerable.Range(0, 4),
            quarter => Assert.InRange(ports.Count(port => (port - 49152) / 4096 == quarter), 80, 170));
    }

    [Fact]
    public void Every_relay_address_of_a_family_is_used()
    {
        var settings = TurnStand.Ordinary with
        {
            Relays = [new(TurnStand.IP("198.41.0.4:0")), new(TurnStand.IP("198.41.0.5:0"))],
            RelayPorts = new(50000, 50003),
        };
        var stand = new TurnStand(settings);
        var relayed = Enumerable.Range(0, 8).Select(i => new TurnClient(stand, $"203.0.113.{i}:1").Allocate().Relayed).ToArray();
        Assert.Equal(8, relayed.Distinct().Count());
        Assert.Equal(508, new TurnClient(stand, "203.0.113.99:1").Allocate().Code);
    }

    [Theory]
    [InlineData(50001, 50001)]
    [InlineData(50000, 50000)]
    [InlineData(49999, 50001)]
    [InlineData(65535, 65535)]
    [InlineData(65534, 65535)]
    [InlineData(50047, 50128)]
    public void All_ports_of_a_range_are_had_by_every_wish_that_they_can_meet(int first, int last)
    {
        var range = new PortRange((ushort)first, (ushort)last);
        foreach (var wish in new[] { PortWish.Any, PortWish.Even, PortWish.Pair })
        {
            var pool = new PortPool(new(TurnStand.IP("198.41.0.4:0")), range, new());
            var random = new SeededRandom(7);
            HashSet<int> got = [];
            while (pool.TryTake(random, wish, out var port))
            {
                Assert.True(got.Add(port));
                if (wish == PortWish.Pair) Assert.True(got.Add(port + 1));
                if (wish != PortWish.Any) Assert.Equal(0, port % 2);
            }

            Assert.All(got, port => Assert.InRange(port, first, last));
            var evens = Enumerable.Range(first, range.Count).Count(port => port % 2 == 0);
            var pairs = Enumerable.Range(first, range.Count).Count(port => port % 2 == 0 && port < last);
            Assert.Equal(wish switch { PortWish.Any => range.Count, PortWish.Even => evens, _ => 2 * pairs }, got.Count);
            foreach (var port in got) pool.Return((ushort)port);
            Assert.Equal(0, pool.Held);
        }
    }

    [Theory]
    [InlineData("49152-65535", 49152, 65535)]
    [InlineData("50000", 50000, 50000)]
    public void A_range_of_ports_is_read(string text, int first, int last)
    {
        Assert.True(PortRange.TryParse(text, out var range));
        Assert.Equal(((ushort)first, (ushort)last), (range.First, range.Last));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0-9")]
    [InlineData("9-8")]
    [InlineData("1-65536")]
    [InlineData("1-2-3")]
    [InlineData(" 1-2")]
    [InlineData("a-b")]
    public void What_is_no_range_of_ports_is_not_read(string text) => Assert.False(PortRange.TryParse(text, out _));

    [Fact]
    public void Settings_say_every_mistake_in_a_sentence()
    {
        Assert.Empty(TurnStand.Ordinary.Mistakes());
        var wrong = TurnStand.Ordinary with
        {
            Realm = "", Relays = [], RelayPorts = new(2, 1), MaxLifetime = TimeSpan.Zero, UserQuota = 0, MaxChannels = 0,
            MaxAllocations = 0, OpenRelayDeadline = TimeSpan.Zero, NonceLifetime = TimeSpan.Zero, Software = new('x', 99),
        };
        Assert.Equal(10, wrong.Mistakes().Count());
        Assert.Throws<ArgumentException>(() => new TurnLedger(wrong));
        var twice = TurnStand.Ordinary with { Relays = [new(TurnStand.IP("198.41.0.4:0")), new(TurnStand.IP("198.41.0.4:0"))] };
        Assert.Single(twice.Mistakes());
    }
}
