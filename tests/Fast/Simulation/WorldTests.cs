using Portunus.Bedrock;
using Portunus.Simulation;

namespace Portunus.Tests.Fast.Simulation;

public sealed class WorldTests
{
    static readonly TransportAddress Here = TransportAddress.IPv4(0x0A000001, 1000);
    static readonly TransportAddress There = TransportAddress.IPv4(0x0A000002, 2000);

    static readonly LinkShape Rough = new()
    {
        Delay = TimeSpan.FromMilliseconds(20),
        Jitter = TimeSpan.FromMilliseconds(30),
        Loss = 0.2,
        Duplicates = 0.1,
        Reordering = 0.1,
    };

    [Fact]
    public void A_datagram_arrives_after_the_delay_of_its_link()
    {
        var (world, here, there) = Two(1, new LinkShape { Delay = TimeSpan.FromMilliseconds(30) });
        here.Send(Parcel.Datagram(Here, There, new byte[] { 7 }));
        world.RunFor(TimeSpan.FromMilliseconds(29));
        Assert.Empty(there.Got);
        world.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Equal(7, Assert.Single(there.Got).Bytes.Span[0]);
        Assert.Equal(TimeSpan.FromMilliseconds(30), there.LastAt - Instant.FromUnixSeconds(0));
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        Assert.Equal(Chatter(5), Chatter(5));
        Assert.NotEqual(Chatter(5), Chatter(6));
    }

    [Fact]
    public void A_lossy_link_loses_doubles_and_reorders_datagrams_in_the_shares_it_was_given()
    {
        var (world, here, there) = Two(3, Rough);
        for (var i = 0; i < 10_000; i++) here.Send(Parcel.Datagram(Here, There, BitConverter.GetBytes(i)));
        world.RunFor(TimeSpan.FromSeconds(1));
        var numbers = there.Got.ConvertAll(p => BitConverter.ToInt32(p.Bytes.Span));
        Assert.InRange(numbers.Distinct().Count(), 7_800, 8_200);
        Assert.InRange(numbers.Count - numbers.Distinct().Count(), 650, 950);
        Assert.NotEqual(numbers.Order(), numbers);
    }

    [Fact]
    public void A_stream_over_a_lossy_link_loses_nothing_and_keeps_the_order()
    {
        var (world, here, there) = Two(3, Rough);
        here.Send(Parcel.Open(Here, There));
        for (var i = 0; i < 1_000; i++) here.Send(Parcel.Segment(Here, There, BitConverter.GetBytes(i)));
        here.Send(Parcel.Close(Here, There));
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(ParcelKind.Opened, there.Got[0].Kind);
        Assert.Equal(ParcelKind.Closed, there.Got[^1].Kind);
        Assert.Equal(Enumerable.Range(0, 1_000), there.Got[1..^1].ConvertAll(p => BitConverter.ToInt32(p.Bytes.Span)));
    }

    [Fact]
    public void A_message_of_a_stream_waits_for_the_last_of_its_segments_and_each_loss_doubles_the_wait()
    {
        var shape = new LinkShape
        {
            Loss = 0.5, SegmentBytes = 1460, Retransmission = TimeSpan.FromSeconds(1), LongestRetransmission = TimeSpan.FromSeconds(4),
        };
        // One loss costs 1 s, two 3 s, three 7 s, four 11 s: the wait is bounded.
        Assert.Equal([0, 1, 3, 7, 11], Waits(bytes: 1460).Distinct().Order().Take(5));
        Assert.True(Waits(bytes: 1461).Average() > Waits(bytes: 1460).Average() * 1.2);

        double[] Waits(int bytes) =>
        [
            .. Enumerable.Range(1, 200).Select(seed =>
            {
                var (world, here, there) = Two((ulong)seed, shape);
                here.Send(Parcel.Open(Here, There));
                world.RunFor(TimeSpan.FromMinutes(1));
                var sent = world.Now;
                here.Send(Parcel.Segment(Here, There, new byte[bytes]));
                world.RunFor(TimeSpan.FromMinutes(2));
                return (there.LastAt - sent).TotalSeconds;
            }),
        ];
    }

    [Fact]
    public void A_segment_without_a_stream_arrives_nowhere()
    {
        var (world, here, there) = Two(3, LinkShape.Perfect);
        here.Send(Parcel.Segment(Here, There, new byte[1]));
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(there.Got);
    }

    [Fact]
    public void A_stream_to_an_unreachable_host_ends_after_three_seconds()
    {
        var world = new World(3);
        var (here, there) = (new Scripted(), new Scripted());
        world.Add("here", here, Here);
        world.Add("there", there, There);
        here.Send(Parcel.Open(Here, There));
        world.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal(Parcel.Close(There, Here), Assert.Single(here.Got));
        Assert.Empty(there.Got);
    }

    [Fact]
    public void A_cut_ends_the_streams_and_each_side_notices_after_its_own_time()
    {
        var (world, here, there) = Two(3, new LinkShape { Delay = TimeSpan.FromMilliseconds(10) });
        here.Send(Parcel.Open(Here, There));
        world.RunFor(TimeSpan.FromSeconds(1));
        here.Send(Parcel.Segment(Here, There, new byte[1]));
        world.At(TimeSpan.FromMilliseconds(5), "cut", () =>
            world.Cut(world.Nodes[0], world.Nodes[1], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)));
        world.RunFor(TimeSpan.FromSeconds(19));
        Assert.Equal(ParcelKind.Closed, Assert.Single(here.Got).Kind);
        Assert.Equal(ParcelKind.Opened, Assert.Single(there.Got).Kind);
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(ParcelKind.Closed, there.Got[^1].Kind);
        Assert.Equal(Here, there.Got[^1].From);
    }

    [Fact]
    public void A_link_of_limited_rate_delays_and_then_drops()
    {
        // 1250 bytes at 1 Mbit/s take 10 ms; 200 ms of queue hold 21 of them, one being on the wire.
        var (world, here, there) = Two(3, new LinkShape { BitsPerSecond = 1_000_000 });
        for (var i = 0; i < 100; i++) here.Send(Parcel.Datagram(Here, There, new byte[1250]));
        world.RunFor(TimeSpan.FromMilliseconds(15));
        Assert.Single(there.Got);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(21, there.Got.Count);
    }

    [Fact]
    public void A_node_reads_its_own_wall_clock_and_the_common_monotonic_one()
    {
        var world = new World(1);
        var node = new Scripted();
        var reference = world.Add("late", node, Here, TimeSpan.FromMinutes(-3));
        world.RunFor(TimeSpan.FromSeconds(7));
        Assert.Equal(world.Now.UnixSeconds - 180, world.Clock(reference).UnixSeconds);
        Assert.Equal(world.Now.MonotonicTicks, world.Clock(reference).MonotonicTicks);
        world.SetWallSkew(reference, TimeSpan.Zero);
        Assert.Equal(world.Now.WallTicks, world.Clock(reference).WallTicks);
    }

    [Fact]
    public void A_stopped_node_misses_messages_and_its_deadline_waits_for_the_start()
    {
        var (world, here, there) = Two(3, LinkShape.Perfect);
        there.NextDeadline = world.Now + TimeSpan.FromSeconds(1);
        world.Stop(world.Nodes[1]);
        here.Send(Parcel.Datagram(Here, There, new byte[1]));
        world.RunFor(TimeSpan.FromSeconds(5));
        Assert.Empty(there.Got);
        Assert.Equal(0, there.Woken);
        world.Start(world.Nodes[1]);
        world.RunFor(TimeSpan.Zero);
        Assert.Equal(1, there.Woken);
    }

    [Fact]
    public void A_broken_law_says_seed_time_law_last_events_and_the_command_that_repeats_it()
    {
        var world = new World(42, "./again --seed 42");
        var node = new Scripted();
        world.Add("alice", node, Here);
        world.Law("nobody hears anything", () => node.Got.Count == 0);
        node.Send(Parcel.Datagram(Here, Here, "hello\r\nworld"u8.ToArray()));
        var broken = Assert.Throws<LawBroken>(() => world.RunFor(TimeSpan.FromSeconds(1)));
        Assert.Equal("nobody hears anything", broken.Sentence);
        foreach (var part in new[] { "nobody hears anything", "seed 42", "00:00:00", "alice gets", "hello", "./again --seed 42" })
            Assert.Contains(part, broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_law_is_checked_after_a_fault_too()
    {
        var world = new World(1);
        var broken = false;
        world.Law("nothing is broken", () => !broken);
        world.At(TimeSpan.FromSeconds(1), "break it", () => broken = true);
        world.At(TimeSpan.FromSeconds(2), "mend it", () => broken = false);
        Assert.Throws<LawBroken>(() => world.RunFor(TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public void A_node_whose_deadline_stays_in_the_past_breaks_the_world()
    {
        var world = new World(1);
        world.Add("busy", new Scripted { NextDeadline = world.Now, Stuck = true }, Here);
        var broken = Assert.Throws<LawBroken>(() => world.RunFor(TimeSpan.FromSeconds(1)));
        Assert.Contains("next deadline lies in the future", broken.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_nodes_that_answer_each_other_without_delay_break_the_world()
    {
        var (world, here, there) = Two(1, LinkShape.Perfect);
        here.Echo = there.Echo = true;
        here.Send(Parcel.Datagram(Here, There, new byte[1]));
        Assert.Equal("time goes on", Assert.Throws<LawBroken>(() => world.RunFor(TimeSpan.FromSeconds(1))).Sentence);
    }

    [Fact]
    public void A_node_that_throws_breaks_the_world_with_its_own_exception_inside()
    {
        var (world, here, there) = Two(1, LinkShape.Perfect);
        there.Fails = true;
        here.Send(Parcel.Datagram(Here, There, new byte[1]));
        var broken = Assert.Throws<LawBroken>(() => world.RunFor(TimeSpan.FromSeconds(1)));
        Assert.IsType<FormatException>(broken.InnerException);
    }

    [Fact]
    public void A_node_cannot_send_from_an_address_that_is_not_its_own()
    {
        var (world, here, _) = Two(1, LinkShape.Perfect);
        here.Send(Parcel.Datagram(There, Here, new byte[1]));
        Assert.Throws<InvalidOperationException>(() => world.RunFor(TimeSpan.FromSeconds(1)));
    }

    static (World World, Scripted Here, Scripted There) Two(ulong seed, LinkShape shape)
    {
        var world = new World(seed);
        var (here, there) = (new Scripted(), new Scripted());
        world.Link(world.Add("here", here, Here), world.Add("there", there, There), shape);
        return (world, here, there);
    }

    static ulong Chatter(ulong seed)
    {
        var (world, here, there) = Two(seed, Rough);
        there.Echo = true;
        here.Send(Parcel.Open(Here, There));
        for (var i = 0; i < 50; i++)
        {
            here.Send(Parcel.Datagram(Here, There, BitConverter.GetBytes(i)));
            here.Send(Parcel.Segment(Here, There, BitConverter.GetBytes(i)));
        }

        world.RunFor(TimeSpan.FromSeconds(5));
        return world.Hash;
    }

    sealed class Scripted : INode
    {
        readonly Queue<Parcel> _leaving = new();

        public List<Parcel> Got { get; } = [];

        public Instant LastAt { get; private set; }

        public int Woken { get; private set; }

        public bool Echo { get; set; }

        public bool Stuck { get; init; }

        public bool Fails { get; set; }

        public Instant? NextDeadline { get; set; }

        public void Send(Parcel parcel) => _leaving.Enqueue(parcel);

        public void OnMessage(Instant now, in Parcel parcel)
        {
            if (Fails) throw new FormatException("This node was built to fail.");
            LastAt = now;
            Got.Add(parcel);
            if (Echo && parcel.Kind is ParcelKind.Datagram or ParcelKind.Segment)
                Send(parcel with { From = parcel.To, To = parcel.From });
        }

        public void OnDeadline(Instant now)
        {
            Woken++;
            if (!Stuck) NextDeadline = null;
        }

        public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);
    }
}
