using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;

namespace Portunus.Wic;

/// <summary>
/// A test stream of numbered packets, and what is learned by it: to an echo, which sends each packet back, or to another
/// such stream. Says which are lost, and how long the way there and back takes.
/// </summary>
/// <remarks>
/// Round trips between two streams are measured as RTCP does (RFC 3550 §6.4.1: LSR, DLSR): each packet names the last one
/// heard, and how long ago that was. After each call take the packets until there are none.
/// </remarks>
public sealed class MediaStream
{
    readonly MediaPlan _plan;
    readonly uint _source;
    readonly List<Instant> _sentAt = [];
    readonly List<TimeSpan> _roundTrips = [];
    readonly Queue<ReadOnlyMemory<byte>> _leaving = new();
    readonly BitArray _returned;
    readonly BitArray _heard = new(MediaPlan.MostPackets);
    int _returnedCount;
    int _heardCount;
    int _expected;
    uint? _other;
    uint? _lastHeard;
    Instant _lastHeardAt;
    Instant? _nextAt;
    Instant? _silentAt;
    bool _isEnding;

    /// <param name="plan">How much.</param>
    /// <param name="random">For the SSRC.</param>
    /// <exception cref="ArgumentOutOfRangeException">No packet, or more than a stream has.</exception>
    public MediaStream(MediaPlan plan, IRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Packets, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plan.Packets, MediaPlan.MostPackets);
        (_plan, _source, _returned) = (plan, (uint)random.NextUInt64(), new(plan.Packets));
    }

    /// <summary>When <see cref="OnDeadline"/> wants to be called; null when nothing is due.</summary>
    public Instant? NextDeadline => Instant.Earliest(_nextAt, _silentAt);

    /// <summary>Whether all was sent and what can be waited for was.</summary>
    public bool IsOver { get; private set; }

    public MediaReport Report =>
        new(_sentAt.Count, _returnedCount, _heardCount, _expected, [.. _roundTrips.Order()]);

    /// <summary>The way is open: the first packet leaves, unless it waits to hear the other side.</summary>
    public void Start(Instant now)
    {
        _silentAt = now + _plan.Silence;
        if (!_plan.WaitsToHear) Send(now);
    }

    /// <summary>Sends no more, and waits only for what is on its way.</summary>
    public void Finish(Instant now)
    {
        if (_isEnding || IsOver) return;
        AwaitTheRest(now);
    }

    public void OnDeadline(Instant now)
    {
        if (_silentAt <= now) Finish(now);
        if (!(_nextAt <= now)) return;
        if (_isEnding) End();
        else Send(now);
    }

    /// <summary>A packet came. What belongs to no such stream is ignored.</summary>
    public void OnPacket(Instant now, ReadOnlySpan<byte> bytes)
    {
        if (IsOver || !MediaPacket.TryRead(bytes, out var packet)) return;
        if (packet.Source == _source) OnReturned(now, packet.Number);
        else if ((_other ??= packet.Source) == packet.Source) OnHeard(now, packet);
    }

    /// <summary>
    /// Makes of a packet what an echo sends back. False for what an echo leaves alone: other datagrams, so that it serves nobody
    /// as a reflector, and packets that an echo has sent already.
    /// </summary>
    public static bool TryReturn(Span<byte> packet) => MediaPacket.TryReturn(packet);

    /// <summary>Takes the next packet to send.</summary>
    public bool TryTake([NotNullWhen(true)] out ReadOnlyMemory<byte> packet) => _leaving.TryDequeue(out packet);

    void Send(Instant now)
    {
        var bytes = new byte[MediaPacket.Length];
        new MediaPacket(_source, (uint)_sentAt.Count, _lastHeard, _lastHeard is null ? default : now - _lastHeardAt).Write(bytes);
        _leaving.Enqueue(bytes);
        _sentAt.Add(now);
        if (_sentAt.Count == _plan.Packets)
        {
            AwaitTheRest(now);
            return;
        }

        // From when it was due, so that a late wake-up does not slow the stream; but what a long sleep missed is not sent in
        // one burst.
        var next = (_nextAt ?? now) + _plan.Interval;
        _nextAt = next < now ? now + _plan.Interval : next;
    }

    void OnReturned(Instant now, uint number)
    {
        if (number >= _sentAt.Count || _returned[(int)number]) return;
        _returned[(int)number] = true;
        _returnedCount++;
        _roundTrips.Add(now - _sentAt[(int)number]);
        if (_isEnding && _returnedCount == _sentAt.Count) End();
    }

    void OnHeard(Instant now, in MediaPacket packet)
    {
        if (packet.Number >= MediaPlan.MostPackets || _heard[(int)packet.Number]) return;
        _heard[(int)packet.Number] = true;
        _heardCount++;
        _expected = Math.Max(_expected, (int)packet.Number + 1);
        (_lastHeard, _lastHeardAt) = (packet.Number, now);
        if (!_isEnding) _silentAt = now + _plan.Silence;
        if (packet.Heard < _sentAt.Count)
        {
            var trip = now - _sentAt[(int)packet.Heard!.Value] - packet.Since;
            // What the other side says of its own time is taken only where it can be true.
            if (trip >= TimeSpan.Zero) _roundTrips.Add(trip);
        }

        if (_plan.WaitsToHear && _sentAt.Count == 0 && !_isEnding) Send(now);
    }

    void AwaitTheRest(Instant now)
    {
        _isEnding = true;
        _silentAt = null;
        _nextAt = now + _plan.Patience;
        if (_sentAt.Count == _returnedCount) End();
    }

    void End()
    {
        IsOver = true;
        (_nextAt, _silentAt) = (null, null);
    }
}
