namespace Portunus.Turn;

/// <summary>
/// Which ports of one relay address hold a live allocation. Ledgers write a bit at a time, each under its own lock; the path of a
/// datagram reads a word without one: it may be a moment late, as the network is anyway.
/// </summary>
public sealed class RelayPorts
{
    readonly ulong[] _live = new ulong[65536 / 64];

    public bool IsLive(ushort port) => (Volatile.Read(ref _live[port >> 6]) >> port & 1) != 0;

    internal void Set(ushort port) => Interlocked.Or(ref _live[port >> 6], 1UL << port);

    internal void Clear(ushort port) => Interlocked.And(ref _live[port >> 6], ~(1UL << port));
}
