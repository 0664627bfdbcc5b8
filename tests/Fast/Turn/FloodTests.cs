using Portunus.Bedrock;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Floods of requests from forged sources, ten seconds of 10,000 a second, with a hundred honest clients among them.</summary>
public class FloodTests
{
    const int PerSecond = 10_000;
    const int Seconds = 10;

    static readonly TimeSpan Gap = TimeSpan.FromSeconds(1) / PerSecond;

    static readonly TransportAddress Server = TurnStand.IP("198.41.0.4:3478");

    static readonly TurnSettings Settings = TurnStand.Ordinary with { Unauthenticated = new() };

    public enum Forgery
    {
        /// <summary>203.0.112.0/24.</summary>
        OneNetwork,

        /// <summary>Drawn from 100,000 addresses.</summary>
        ManyAddresses,

        /// <summary>Drawn from 100,000 of the /64 of IPv6.</summary>
        ManyNetworks,

        /// <summary>Each of the many addresses, always with the same transaction: as if it sent again.</summary>
        ManyRepeated,
    }

    public static TheoryData<Forgery, string, int> Floods
    {
        get
        {
            TheoryData<Forgery, string, int> rows = [];
            foreach (var forgery in Enum.GetValues<Forgery>())
                foreach (var (kind, seed) in new[] { ("Allocate", 1), ("Binding", 2), ("mixed", 3) })
                    rows.Add(forgery, kind, seed);
            return rows;
        }
    }

    [Theory, MemberData(nameof(Floods))]
    public void A_flood_is_answered_with_no_more_bytes_than_it_brought_and_a_hundred_honest_clients_allocate(
        Forgery forgery, string kind, int seed)
    {
        var stand = new TurnStand(Settings, seed: (ulong)seed);
        var random = new SeededRandom((ulong)seed);
        var start = stand.Now;
        var honest = Enumerable.Range(0, 100)
            .Select(i => new HonestClient(stand, i, start + random.Within(TimeSpan.FromSeconds(4)))).ToArray();
        long received = 0, sent = 0;
        for (var i = 0; i < PerSecond * Seconds; i++)
        {
            stand.Now = start + (Gap * i);
            var request = Bare(kind, forgery, random, out var source);
            received += request.Length;
            sent += stand.Send(Path(source), request).Length;
            if (i % 100 == 0) Array.ForEach(honest, client => client.Act());
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{forgery} {kind}: {sent} bytes out for {received} in, {(double)sent / received:f3}; "
            + $"honest clients sent {honest.Average(client => client.Attempts):f2} first requests each");
        Assert.Equal(PerSecond * Seconds * 20, received);
        Assert.InRange((double)sent / received, 0.01, 1.0);
        // Who forges retransmissions, too, shares with the honest what is kept for these: then some need longer than the ten seconds.
        var late = honest.Where(client => !client.HasAllocation).ToArray();
        Assert.True(late.Length <= (forgery == Forgery.ManyRepeated ? 10 : 0), string.Join(", ", late.Select(client => $"{client}")));
        // And the same by the server's own books, honest clients included.
        var counters = stand.Server.Counters;
        Assert.InRange((double)counters.UnauthenticatedBytesSent / counters.UnauthenticatedBytesReceived, 0.01, 1.0);
        Assert.NotEqual(0, counters.Drops(DropReason.BudgetSpent) + counters.Drops(DropReason.SourceLimit));
    }

    [Fact]
    public void A_flood_costs_no_memory()
    {
        var stand = new TurnStand(Settings);
        var random = new SeededRandom(5);
        var head = new byte[TurnServer.HeadSize];
        var request = new byte[20];
        new StunWriter(request, StunClass.Request, StunMethod.Allocate, default).Written.CopyTo(request);
        var taken = Heap.TakenBy(
            () =>
            {
                stand.Now += Gap;
                stand.Server.OnClient(stand.Now, Path(TransportAddress.IPv4((uint)random.Next(), 9)), request, head);
            },
            20_000);
        Assert.Equal(0, taken);
    }

    static byte[] Bare(string kind, Forgery forgery, SeededRandom random, out TransportAddress source)
    {
        var number = (uint)random.Next(100_000);
        source = forgery switch
        {
            Forgery.OneNetwork => TransportAddress.IPv4(0xCB007000 + (number % 256), (ushort)(1 + random.Next(65535))),
            Forgery.ManyNetworks => TransportAddress.IPv6(((UInt128)0x2400_0000_0000_0000 + number << 64) + random.Next(), 9),
            _ => TransportAddress.IPv4(number * 40_503, 9),
        };
        var isBinding = kind == "Binding" || (kind == "mixed" && random.Next(2) == 0);
        var method = isBinding ? StunMethod.Binding : StunMethod.Allocate;
        var transaction = forgery == Forgery.ManyRepeated ? default : TransactionId.Draw(random);
        var message = new byte[20];
        return [.. new StunWriter(message, StunClass.Request, method, transaction).Written];
    }

    static ClientPath Path(TransportAddress source) => new(new(source, Server, ClientTransport.Udp), 0);

    /// <summary>A client at an address of its own that sends again as RFC 8489 §6.2.1 says, until it has its allocation.</summary>
    sealed class HonestClient(TurnStand stand, int number, Instant start)
    {
        readonly TurnClient _client = new(stand, $"81.2.{number}.7:4000");
        readonly TransactionId _transaction = TurnClient.NextTransaction();
        Instant _next = start;
        TimeSpan _pause = TimeSpan.FromMilliseconds(500);

        public int Attempts { get; private set; }

        public bool HasAllocation { get; private set; }

        /// <summary>Sends what is due.</summary>
        public void Act()
        {
            if (HasAllocation || stand.Now < _next) return;
            Attempts++;
            var challenge = stand.Send(_client.Path, _client.Write(StunClass.Request, StunMethod.Allocate, Udp, _transaction));
            if (challenge.Length == 0)
            {
                _next = stand.Now + _pause;
                _pause *= 2;
                return;
            }

            _client.Nonce = challenge.Nonce;
            HasAllocation = _client.Allocate().Code == 0;
        }

        public override string ToString() => $"client {number} after {Attempts} attempts";

        static void Udp(ref StunWriter writer) => writer.AddRequestedTransport(17);
    }
}
