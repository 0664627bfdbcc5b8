namespace Portunus.Turn;

/// <summary>
/// Which ports of one relay address hold a live allocation, of UDP and of TCP: a port of the one is nothing to the other, and may be
/// another program's there. Ledgers write a bit at a time, each under its own lock; the path of a
/// datagram reads a word without one: it may be a moment late, as the network is anyway.
/// </summary>
public sealed class RelayPorts
{
    readonly ulong[] _udp = new ulong[65536 / 64];
    readonly ulong[] _tcp = new ulong[65536 / 64];

    public bool IsLive(ushort port, bool isTcp = false) => (Volatile.Read(ref Of(isTcp)[port >> 6]) >> port & 1) != 0;

    internal void Set(ushort port, bool isTcp) => Interlocked.Or(ref Of(isTcp)[port >> 6], 1UL << port);

    internal void Clear(ushort port, bool isTcp) => Interlocked.And(ref Of(isTcp)[port >> 6], ~(1UL << port));

    ulong[] Of(bool isTcp) => isTcp ? _tcp : _udp;
}
