using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>Which way a datagram is relayed.</summary>
enum RelayDirection : byte
{
    ToPeer,
    ToClient,
}

/// <summary>Holds one allocation to the bandwidth that its subject has. Only who is limited has one.</summary>
sealed class Policer(SharedBandwidth shared)
{
    BandwidthSlice _toPeer;
    BandwidthSlice _toClient;

    /// <summary>Whether a datagram of so many bytes may pass. No lock and no allocation; once in a while a slice is borrowed.</summary>
    public bool Allows(Instant now, RelayDirection direction, int length)
    {
        ref var slice = ref _toPeer;
        if (direction == RelayDirection.ToClient) slice = ref _toClient;
        if (slice.TrySpend(length)) return true;
        if (now.MonotonicTicks < slice.AskAgainAt) return false;
        return shared.TryBorrow(now, direction, ref slice, length) && slice.TrySpend(length);
    }
}
