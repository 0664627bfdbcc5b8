using CsCheck;
using Portunus.Bedrock;
using Portunus.Simulation;
using Portunus.Wic;

namespace Portunus.Tests.Fast.Wic;

public sealed class MediaStreamTests
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan Way = TimeSpan.FromMilliseconds(3);

    Instant _now = Instant.FromUnixSeconds(1_800_000_000);

    [Fact]
    public void It_sends_packets_of_160_bytes_shaped_as_RTP_every_20_milliseconds()
    {
        var stream = New(packets: 3);
        stream.Start(_now);
        for (var number = 0; number < 3; number++)
        {
            Assert.True(stream.TryTake(out var packet));
            Assert.Equal((160, 0x80, 0, number), (packet.Length, packet.Span[0], packet.Span[1], packet.Span[3]));
            Assert.False(stream.TryTake(out _));
            Assert.Equal(number < 2 ? Interval : TimeSpan.FromSeconds(2), stream.NextDeadline!.Value - _now);
            if (number < 2) Wait(stream);
        }
    }

    [Fact]
    public void To_an_echo_that_loses_nothing_it_is_over_with_the_last_packet_and_knows_the_round_trips()
    {
        var stream = New(packets: 100);
        stream.Start(_now);
        while (!stream.IsOver)
        {
            Assert.True(stream.TryTake(out var packet));
            stream.OnPacket(_now + Way, packet.Span);
            if (stream.NextDeadline is not null) Wait(stream);
        }

        var report = stream.Report;
        Assert.Equal((100, 100, 0), (report.Sent, report.Returned, report.Heard));
        Assert.Equal((Way, Way), (report.Percentile(0.5), report.Percentile(1)));
        Assert.Equal(TimeSpan.FromMilliseconds(99 * 20), _now - Instant.FromUnixSeconds(1_800_000_000));
    }

    [Fact]
    public void What_an_echo_lost_is_waited_for_and_what_it_doubled_counts_once()
    {
        var stream = New(packets: 10);
        stream.Start(_now);
        for (var number = 0; !stream.IsOver; number++)
        {
            if (stream.TryTake(out var packet) && number % 5 != 0)
                for (var copies = 0; copies < 2; copies++) stream.OnPacket(_now + Way, packet.Span);
            Wait(stream);
        }

        Assert.Equal((10, 8), (stream.Report.Sent, stream.Report.Returned));
        Assert.Equal(8, stream.Report.RoundTrips.Count);
    }

    [Fact]
    public void Two_streams_hear_each_other_and_measure_the_way_there_and_back()
    {
        var (caller, callee) = (New(packets: 50, seed: 1), New(packets: 500, seed: 2, waits: true));
        callee.Start(_now);
        Assert.False(callee.TryTake(out _));
        Assert.Null(callee.NextDeadline);
        caller.Start(_now);
        for (var end = _now + TimeSpan.FromSeconds(5); _now < end && !caller.IsOver; _now += TimeSpan.FromMilliseconds(1))
        {
            caller.OnDeadline(_now);
            callee.OnDeadline(_now);
            while (caller.TryTake(out var there)) callee.OnPacket(_now + Way, there.Span);
            while (callee.TryTake(out var back)) caller.OnPacket(_now + Way, back.Span);
        }

        callee.Finish(_now);
        Assert.Equal((50, 50, 50), (caller.Report.Sent, callee.Report.Heard, callee.Report.Expected));
        Assert.InRange(caller.Report.Heard, 50, 500);
        Assert.Equal(caller.Report.Expected, caller.Report.Heard);
        Assert.NotEmpty(callee.Report.RoundTrips);
        Assert.All(caller.Report.RoundTrips, trip => Assert.InRange(trip, Way, 2 * Way + TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void A_gap_in_the_numbers_of_the_other_side_is_loss()
    {
        var (caller, callee) = (New(packets: 10, seed: 1), New(packets: 10, seed: 2, waits: true));
        caller.Start(_now);
        for (var number = 0; number < 10; number++)
        {
            if (caller.TryTake(out var packet) && number is not (3 or 4)) callee.OnPacket(_now, packet.Span);
            Wait(caller);
        }

        Assert.Equal((8, 10), (callee.Report.Heard, callee.Report.Expected));
    }

    [Fact]
    public void Told_to_finish_early_it_counts_what_it_sent()
    {
        var stream = New(packets: 1000);
        stream.Start(_now);
        Wait(stream);
        stream.Finish(_now);
        while (stream.TryTake(out var packet)) stream.OnPacket(_now, packet.Span);
        Assert.True(stream.IsOver);
        Assert.Equal((2, 2), (stream.Report.Sent, stream.Report.Returned));
    }

    [Fact]
    public void A_process_that_slept_does_not_send_in_one_burst_what_it_missed()
    {
        var stream = New(packets: 100);
        stream.Start(_now);
        stream.TryTake(out _);
        _now += TimeSpan.FromSeconds(1);
        stream.OnDeadline(_now);
        Assert.True(stream.TryTake(out _));
        Assert.False(stream.TryTake(out _));
        Assert.Equal(Interval, stream.NextDeadline!.Value - _now);
    }

    [Fact]
    public void A_silent_other_side_is_given_up()
    {
        var stream = new MediaStream(
            new MediaPlan(100, Interval) { WaitsToHear = true, Silence = TimeSpan.FromSeconds(10) }, new SeededRandom(1));
        stream.Start(_now);
        Assert.Equal(TimeSpan.FromSeconds(10), stream.NextDeadline!.Value - _now);
        var other = New(packets: 1);
        other.Start(_now);
        other.TryTake(out var packet);
        _now += TimeSpan.FromSeconds(9);
        stream.OnPacket(_now, packet.Span);
        while (!stream.IsOver) Wait(stream);
        Assert.Equal((100, 1), (stream.Report.Sent, stream.Report.Heard));

        stream = new MediaStream(
            new MediaPlan(100, Interval) { WaitsToHear = true, Silence = TimeSpan.FromSeconds(10) }, new SeededRandom(1));
        stream.Start(_now);
        Wait(stream);
        Assert.True(stream.IsOver);
        Assert.Equal((0, 0), (stream.Report.Sent, stream.Report.Heard));
    }

    [Fact]
    public void An_echo_returns_a_packet_once_and_leaves_all_else_alone()
    {
        var stream = New(packets: 1);
        stream.Start(_now);
        stream.TryTake(out var sent);
        var packet = sent.ToArray();
        Assert.True(MediaStream.TryReturn(packet));
        Assert.False(MediaStream.TryReturn(packet));
        Assert.False(MediaStream.TryReturn(new byte[160]));
        Assert.False(MediaStream.TryReturn([]));
        stream.OnPacket(_now, packet);
        Assert.True(stream.IsOver);
    }

    [Fact]
    public void Any_packet_leaves_the_stream_well() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Byte.Array[148, 148], Gen.Bool).Sample((any, body, shaped) =>
        {
            var stream = New(packets: 5);
            stream.Start(_now);
            if (shaped) "PRTN"u8.CopyTo(body);
            stream.OnPacket(_now, shaped ? [0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, .. body] : any);
            Assert.False(stream.IsOver);
            Assert.Equal((1, 0), (stream.Report.Sent, stream.Report.Returned));
        });

    static MediaStream New(int packets, ulong seed = 7, bool waits = false) =>
        new(new MediaPlan(packets, Interval) { WaitsToHear = waits }, new SeededRandom(seed));

    void Wait(MediaStream stream)
    {
        _now = stream.NextDeadline ?? _now;
        stream.OnDeadline(_now);
    }
}
