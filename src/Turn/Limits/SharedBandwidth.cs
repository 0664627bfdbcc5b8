using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>
/// The bandwidth of one subject: its allocations, of whichever workers, borrow from it a slice at a time, so that no datagram takes
/// the lock. What is not there is dropped, not queued.
/// </summary>
/// <remarks>
/// Fair among the allocations of the subject: time is cut into turns, and in a turn each allocation that wants anything may have an equal
/// share; beyond it, what the others leave. A stream of video thus cannot starve the voice beside it.
/// </remarks>
sealed class SharedBandwidth
{
    /// <summary>A slice is so small a part of a second: what idle allocations keep is little.</summary>
    const int SlicesPerSecond = 64;

    const int TurnsPerSecond = 20;

    const long TurnTicks = TimeSpan.TicksPerSecond / TurnsPerSecond;

    readonly Lock _gate = new();
    readonly Way[] _ways = new Way[2];
    BucketRate _bytes;
    BucketRate _packets;

    /// <summary>From now on by this limit; a credential may have been renewed with another.</summary>
    public void Use(BandwidthLimit limit)
    {
        lock (_gate) (_bytes, _packets) = (limit.Bytes, limit.Packets);
    }

    /// <summary>Whether forgetting it would give nobody a second burst.</summary>
    public bool IsFull(Instant now)
    {
        lock (_gate)
        {
            foreach (ref var way in _ways.AsSpan())
                if (way.Bytes.Level(now, _bytes) < _bytes.Burst || way.Packets.Level(now, _packets) < _packets.Burst)
                    return false;
            return true;
        }
    }

    /// <summary>Lends a slice that is enough for a datagram of so many bytes, and takes that from it; false when there is none, and
    /// then it need not be asked again before <see cref="BandwidthSlice.AskAgainAt"/>.</summary>
    public bool TryBorrow(Instant now, RelayDirection direction, ref BandwidthSlice slice, int length)
    {
        lock (_gate)
        {
            ref var way = ref _ways[(int)direction];
            var sharers = way.TakePart((now.MonotonicTicks / TurnTicks) + 1, ref slice);
            var bytes = Lend(ref way.Bytes, _bytes, length - slice.Bytes, slice.BytesTaken);
            var packets = Lend(ref way.Packets, _packets, 1 - slice.Packets, slice.PacketsTaken);
            if (bytes < 0 || packets < 0)
            {
                slice.AskAgainAt = now.MonotonicTicks + Math.Min(Math.Max(-bytes, -packets), TurnTicks);
                return false;
            }

            way.Bytes.TryTake(now, _bytes, bytes);
            way.Packets.TryTake(now, _packets, packets);
            slice.Lend(bytes, packets);
            return true;

            long Lend(ref TokenBucket bucket, in BucketRate rate, long needed, long taken)
            {
                if (needed <= 0) return 0;
                var turn = rate.PerSecond / TurnsPerSecond;
                var level = bucket.Level(now, rate);
                var slice = rate.PerSecond / SlicesPerSecond;
                // What is left of its own share; beyond that only what is there besides a whole turn's shares, for the turn that comes.
                var room = (turn / sharers) - taken;
                if (needed > room) level -= turn;
                else slice = Math.Min(slice, room);
                if (level >= needed) return Math.Max(needed, Math.Min(level, slice));
                // When it will be there, as a negative number; a millisecond at least, or each datagram would ask.
                return -Math.Max(TimeSpan.TicksPerMillisecond, (needed - level) * TimeSpan.TicksPerSecond / rate.PerSecond);
            }
        }
    }

    /// <summary>One direction.</summary>
    struct Way
    {
        public TokenBucket Bytes;
        public TokenBucket Packets;
        long _turn;
        int _sharers;
        int _sharersBefore;

        /// <summary>Says how many allocations share this turn, as far as one can tell: those of the turn before, or those so
        /// far.</summary>
        public int TakePart(long turn, ref BandwidthSlice slice)
        {
            if (turn > _turn) (_sharersBefore, _sharers, _turn) = (turn == _turn + 1 ? _sharers : 0, 0, turn);
            if (slice.BeginTurn(_turn)) _sharers++;
            return Math.Max(_sharers, _sharersBefore);
        }
    }
}
