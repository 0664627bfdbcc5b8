using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>Which way something is relayed.</summary>
public enum RelayDirection : byte
{
    ToPeer,
    ToClient,
}

/// <summary>Holds one allocation to the bandwidth that its subject has. Only who is limited has one.</summary>
sealed class Policer(SharedBandwidth shared)
{
    /// <summary>A stream is read in pieces of a segment at least (bytes): smaller ones would cost more than they carry.</summary>
    const int Piece = 1460;

    BandwidthSlice _toPeer;
    BandwidthSlice _toClient;

    /// <summary>Whether a datagram of so many bytes may pass. No lock and no allocation; once in a while a slice is borrowed.</summary>
    public bool Allows(Instant now, RelayDirection direction, int length)
    {
        ref var slice = ref Slice(direction);
        if (slice.TrySpend(length)) return true;
        if (now.MonotonicTicks < slice.AskAgainAt) return false;
        return shared.TryBorrow(now, direction, ref slice, length) && slice.TrySpend(length);
    }

    /// <summary>How many bytes of a stream may be read; 0 for none before <paramref name="again"/>. How many it were,
    /// <see cref="Charge"/> says afterwards: what was too much is paid back before the next.</summary>
    public int MostToRead(Instant now, RelayDirection direction, out Instant again)
    {
        again = now;
        ref var slice = ref Slice(direction);
        var isThere = slice is { Bytes: >= Piece, Packets: > 0 }
            || (now.MonotonicTicks >= slice.AskAgainAt && shared.TryBorrow(now, direction, ref slice, Piece));
        if (isThere) return (int)Math.Min(slice.Bytes, int.MaxValue);
        again = now + TimeSpan.FromTicks(Math.Max(1, slice.AskAgainAt - now.MonotonicTicks));
        return 0;
    }

    public void Charge(RelayDirection direction, int length) => Slice(direction).Spend(length);

    ref BandwidthSlice Slice(RelayDirection direction)
    {
        if (direction == RelayDirection.ToClient) return ref _toClient;
        return ref _toPeer;
    }
}
