using Portunus.Bedrock;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>What holds wherever clients move among the workers, whatever gets lost between these.</summary>
public class CarryPropertyTests
{
    const int Seeds = 150;
    const int Steps = 80;

    static readonly TurnSettings Mobile = TurnStand.Ordinary with { Mobility = true };
    static readonly string[] Places = [.. Enumerable.Range(0, 8).Select(n => $"198.51.100.{n}:5000")];

    /// <summary>The one of the kernel's choice, which stays.</summary>
    static readonly Func<TwoWorkers, int, TurnStand> WorkerOf = (workers, place) => place % 2 == 0 ? workers.First : workers.Second;

    [Fact]
    public void Data_goes_where_its_client_has_an_allocation_back_to_where_it_is_and_in_the_end_nothing_is_kept()
    {
        var carried = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var (random, workers) = (new SeededRandom(seed), new TwoWorkers(Mobile));
            List<byte[]> tickets = [];
            for (var step = 0; step < Steps; step++) Step(random, workers, tickets, $"seed {seed}, step {step}");
            workers.BringOrders();
            workers.Pass(TimeSpan.FromHours(1));
            Assert.True((workers.First.Server.Kept, workers.Second.Server.Kept) == (0, 0), $"seed {seed}: something is kept");
            Assert.Empty(workers.First.Opened.Concat(workers.Second.Opened));
            Assert.Equal(0, workers.First.Ledger.PortsHeld);
            carried += workers.Carried;
        }

        Assert.InRange(carried, 10 * Seeds, int.MaxValue);
    }

    static void Step(SeededRandom random, TwoWorkers workers, List<byte[]> tickets, string where)
    {
        var place = random.Next(Places.Length);
        var stand = WorkerOf(workers, place);
        var (name, password) = (random.Next(8) > 0 ? "alice" : "bob", random.Next(8) > 0 ? "wonderland" : "builder");
        var client = new TurnClient(stand, Places[place], name, password);
        switch (random.Next(12))
        {
            case 0 or 1:
                Keep(client.Allocate((ref StunWriter w) => w.Add(AttributeType.MobilityTicket, [])));
                client.Bind(0x4000, "9.9.9.9:9");
                break;
            case 2 or 3 or 4 or 5 when tickets.Count > 0:
                var ticket = tickets[^(1 + random.Next(Math.Min(4, tickets.Count)))];
                Keep(client.Ask(StunMethod.Refresh, (ref StunWriter w) => w.Add(AttributeType.MobilityTicket, ticket)));
                break;
            case 6:
                Keep(client.Refresh(random.Next(4) == 0 ? 0u : 600u));
                break;
            case 7:
                stand.Close(client.Path);
                break;
            case 8:
                if (random.Next(2) == 0) workers.LoseOrders();
                else workers.BringOrders();
                break;
            case 9:
                workers.Pass(TimeSpan.FromSeconds(random.Next(200)));
                break;
            default:
                var sent = client.Data(0x4000, "x").Forward;
                if (sent.Kind != ForwardKind.ToPeer) break;
                var session = workers.First.Ledger.Sessions().Single(one => one.Relay == sent.Relay);
                Assert.True(session.Client == client.Path.FiveTuple, where);
                break;
        }

        foreach (var session in workers.First.Ledger.Sessions())
        {
            var owner = session.Relay.Worker == default ? workers.First : workers.Second;
            var back = owner.FromPeer(session.Relay, TurnStand.IP("9.9.9.9:9"), "x"u8).Forward;
            if (back.Kind != ForwardKind.ToClient) continue;
            Assert.True(back.Path.FiveTuple == session.Client, where);
            var hears = WorkerOf(workers, Array.IndexOf(Places, session.Client.Client.ToString()));
            Assert.True(back.Path.CarriedBy is null == (hears == owner), where);
        }

        void Keep(TurnReply reply)
        {
            if (reply.Forward.Kind == ForwardKind.ToClient && reply.Ticket is { } ticket) tickets.Add(ticket);
        }
    }
}
