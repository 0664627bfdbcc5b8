using System.Collections.Immutable;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>What one user may relay in a second: policed, shared among its allocations, the same for all workers.</summary>
public class BandwidthTests
{
    const int Payload = 1000;

    static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    // 1000 kbit/s are 125 datagrams of 1000 bytes a second; a burst of 65,536 bytes comes before them.
    static readonly TurnSettings Megabit = TurnStand.Ordinary with { MaxKbps = 1000 };

    static readonly (int Least, int Most) Allowed = (65 + 1240, 66 + 1252);

    [Fact]
    public void Each_direction_has_its_rate_and_its_burst_and_the_rest_is_dropped_and_counted()
    {
        var flow = Flow.Of(new(Megabit));
        Run([flow], perSecond: 500);
        Assert.InRange(flow.ToPeer, Allowed.Least, Allowed.Most);
        Assert.InRange(flow.ToClient, Allowed.Least, Allowed.Most);
        var counters = flow.Stand.Server.Counters;
        Assert.Equal(5000 - flow.ToPeer, counters.Drops(DropReason.PolicedToPeer));
        Assert.Equal(5000 - flow.ToClient, counters.Drops(DropReason.PolicedToClient));
        Assert.Equal((flow.ToPeer, flow.ToClient), (counters.Traffic.ToPeerPackets, counters.Traffic.ToClientPackets));
    }

    [Fact]
    public void Who_stays_below_loses_nothing()
    {
        var flow = Flow.Of(new(Megabit with { MaxPps = 121 }));
        Run([flow], perSecond: 120);
        Assert.Equal((1200, 1200), (flow.ToPeer, flow.ToClient));
    }

    [Fact]
    public void Datagrams_a_second_are_limited_whatever_their_size()
    {
        var flow = Flow.Of(new(TurnStand.Ordinary with { MaxPps = 50 }));
        Run([flow], perSecond: 500, payload: 1);
        Assert.InRange(flow.ToPeer, 24 + 495, 25 + 501);
    }

    [Fact]
    public void Allocations_of_one_user_share_whichever_workers_they_are_on()
    {
        var ledger = new TurnLedger(Megabit);
        Flow[] flows =
        [
            Flow.Of(new(Megabit, ledger: ledger)), Flow.Of(new(Megabit, ledger: ledger, worker: 1, seed: 2)),
            Flow.Of(new(Megabit, ledger: ledger, worker: 2, seed: 3)),
        ];
        var other = Flow.Of(new(Megabit, ledger: ledger, worker: 3, seed: 4), "bob", "builder");
        Run([.. flows, other], perSecond: 500);
        Assert.InRange(flows.Sum(flow => flow.ToPeer), Allowed.Least, Allowed.Most);
        Assert.InRange(other.ToPeer, Allowed.Least, Allowed.Most);
        // Alike for the three, within a tenth of an equal share.
        Assert.All(flows, flow => Assert.InRange(flow.ToPeer, 390, 480));
    }

    [Fact]
    public void A_voice_beside_a_flood_of_the_same_user_loses_nothing_and_nothing_is_left_unused()
    {
        var stand = new TurnStand(Megabit);
        var (flood, voice) = (Flow.Of(stand), Flow.Of(stand));
        for (var i = 0; i < 5000; i++)
        {
            stand.Now += TimeSpan.FromMilliseconds(2);
            flood.Send(Payload);
            // 50 a second of 160 bytes.
            if (i % 10 == 0) voice.Send(160);
        }

        Assert.Equal(500, voice.ToPeer);
        Assert.InRange((flood.ToPeer * Payload) + (voice.ToPeer * 160), 1_300_000, 1_318_000);
    }

    [Fact]
    public void A_credential_may_carry_a_narrower_limit_and_never_a_wider_one()
    {
        var flow = Flow.OfProfile(Megabit with { MaxKbps = 2000 }, new() { MaxKbps = 1000 });
        Run([flow], perSecond: 500);
        Assert.InRange(flow.ToPeer, Allowed.Least, Allowed.Most);
        flow = Flow.OfProfile(Megabit, new() { MaxKbps = 5000, MaxPps = 5000 });
        Run([flow], perSecond: 500);
        Assert.InRange(flow.ToPeer, Allowed.Least, Allowed.Most);
        flow = Flow.OfProfile(TurnStand.Ordinary, new() { MaxPps = 20 });
        Run([flow], perSecond: 500);
        Assert.InRange(flow.ToPeer, 9 + 197, 10 + 201);
    }

    [Fact]
    public void Who_ends_an_allocation_and_begins_another_gets_no_second_burst_but_is_forgotten_later()
    {
        var stand = new TurnStand(Megabit);
        var passed = 0;
        for (var i = 0; i < 100; i++)
        {
            var flow = Flow.Of(stand);
            Run([flow], perSecond: 5000, length: TimeSpan.FromMilliseconds(100));
            flow.End();
            passed += flow.ToPeer;
        }

        // Each that ends takes what it had borrowed and not spent along.
        Assert.InRange(passed, 1200, Allowed.Most);
        stand.Pass(60);
        Assert.Equal(0, stand.Ledger.Kept(stand.Now));
    }

    [Fact]
    public void Another_limit_is_taken_over_by_what_lives()
    {
        var flow = Flow.Of(new(TurnStand.Ordinary));
        Run([flow], perSecond: 500, length: TimeSpan.FromSeconds(1));
        Assert.Equal(500, flow.ToPeer);
        flow.Stand.Order(new TurnOrder.Apply(Megabit));
        Run([flow], perSecond: 500);
        Assert.InRange(flow.ToPeer, 500 + Allowed.Least, 500 + Allowed.Most);
        flow.Stand.Order(new TurnOrder.Apply(TurnStand.Ordinary));
        Run([flow], perSecond: 500, length: TimeSpan.FromSeconds(1));
        Assert.InRange(flow.ToPeer, 1000 + Allowed.Least, 1000 + Allowed.Most);
    }

    [Fact]
    public void Policing_takes_no_memory_whether_it_lets_pass_or_drops()
    {
        foreach (var (kbps, kind) in new[] { (100_000_000, ForwardKind.ToPeer), (1, ForwardKind.Drop) })
        {
            var flow = Flow.Of(new(TurnStand.Ordinary with { MaxKbps = kbps, MaxPps = 100_000_000 }));
            for (var i = 0; i < 1000; i++) flow.Send(Payload);
            var head = new byte[TurnServer.HeadSize];
            byte[] message = [0x40, 0, 0, 160, .. new byte[160]];
            var (path, right) = (flow.Path, true);
            var taken = Heap.TakenBy(
                () =>
                {
                    flow.Stand.Now += TimeSpan.FromMicroseconds(1);
                    right &= flow.Stand.Server.OnClient(flow.Stand.Now, path, message, head).Kind == kind;
                },
                10_000);
            Assert.True(right);
            Assert.Equal(0, taken);
        }
    }

    static void Run(Flow[] flows, int perSecond, TimeSpan? length = null, int payload = Payload)
    {
        var steps = (int)((length ?? Length).TotalSeconds * perSecond);
        for (var i = 0; i < steps; i++)
            foreach (var flow in flows)
            {
                if (Array.FindIndex(flows, f => f.Stand == flow.Stand) == Array.IndexOf(flows, flow))
                    flow.Stand.Now += TimeSpan.FromSeconds(1) / perSecond;
                flow.Send(payload);
            }
    }

    /// <summary>One allocation with one channel, by which datagrams go both ways.</summary>
    sealed class Flow(TurnStand stand, TurnClient client, RelayId relay)
    {
        static int _ports = 1000;

        public TurnStand Stand { get; } = stand;

        public ClientPath Path => client.Path;

        public int ToPeer { get; private set; }

        public int ToClient { get; private set; }

        public static Flow Of(TurnStand stand, string user = "alice", string password = "wonderland")
        {
            var client = new TurnClient(stand, $"203.0.113.77:{Interlocked.Increment(ref _ports)}", user, password);
            Assert.Equal(0, client.Allocate().Code);
            Assert.Equal(0, client.Bind(0x4000, "9.9.9.9:9").Code);
            return new(stand, client, stand.Asked.Last().Relay);
        }

        public static Flow OfProfile(TurnSettings settings, CredentialLimits limits)
        {
            var secret = TurnStand.Secret("north");
            var verifier = new CredentialVerifier(new CredentialSources
            {
                Realm = TurnStand.Realm, Secrets = [secret],
                Profiles = ImmutableDictionary<string, CredentialLimits>.Empty.Add("guest", limits),
            });
            var credential = TimeLimitedCredential.Mint(secret, 1_900_000_000, "4f9c2d7e1b6a.guest");
            return Of(new(settings, verifier), credential.Username, credential.Password);
        }

        public void Send(int length)
        {
            if (client.Data(0x4000, new('x', length)).Forward.Kind == ForwardKind.ToPeer) ToPeer++;
            if (Stand.FromPeer(relay, TurnStand.IP("9.9.9.9:9"), new byte[length]).Forward.Kind == ForwardKind.ToClient) ToClient++;
        }

        public void End() => Assert.Equal(0, client.Refresh(0).Code);
    }
}
