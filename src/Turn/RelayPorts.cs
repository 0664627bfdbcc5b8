namespace Portunus.Turn;

/// <summary>
/// Which ports of one relay address hold a live allocation. The ledger writes under its lock; the path of a datagram reads a
/// word without one: it may be a moment late, as the network is anyway.
/// </summary>
public sealed class RelayPorts
{
    readonly ulong[] _live = new ulong[65536 / 64];

    public bool IsLive(ushort port) => (Volatile.Read(ref _live[port >> 6]) >> port & 1) != 0;

    internal void Set(ushort port) => Volatile.Write(ref _live[port >> 6], _live[port >> 6] | 1UL << port);

    internal void Clear(ushort port) => Volatile.Write(ref _live[port >> 6], _live[port >> 6] & ~(1UL << port));
}
