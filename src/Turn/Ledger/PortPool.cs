using System.Numerics;
using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>Which port a relay asks for (RFC 8656 §7.2).</summary>
enum PortWish : byte
{
    Any,

    /// <summary>EVEN-PORT with R = 0.</summary>
    Even,

    /// <summary>EVEN-PORT with R = 1: an even port whose next is free as well.</summary>
    Pair,
}

/// <summary>The ports of one relay address: which are held, and a free one by chance (RFC 6056 §3.3.1).</summary>
sealed class PortPool(RelayAddress address, PortRange range, RelayPorts live)
{
    const ulong EvenPorts = 0x5555_5555_5555_5555;

    readonly ulong[] _held = new ulong[65536 / 64];

    public RelayAddress Address { get; } = address;

    /// <summary>What the path of a datagram sees of it.</summary>
    public RelayPorts Live { get; } = live;

    public int Held { get; private set; }

    /// <summary>Takes a random free port, two for a pair; false when none is left with the wished property.</summary>
    public bool TryTake(IRandom random, PortWish wish, out ushort port)
    {
        var start = range.First + random.Next(range.Count);
        if (!TryFind(start, range.Last, wish, out port) && !TryFind(range.First, start, wish, out port)) return false;
        Take(port);
        if (wish == PortWish.Pair) Take((ushort)(port + 1));
        return true;
    }

    public void Return(ushort port)
    {
        _held[port >> 6] &= ~(1UL << port);
        Held--;
    }

    void Take(ushort port)
    {
        _held[port >> 6] |= 1UL << port;
        Held++;
    }

    /// <summary>The first port that will do from <paramref name="from"/> to <paramref name="to"/>, 64 ports at a time.</summary>
    bool TryFind(int from, int to, PortWish wish, out ushort port)
    {
        for (var word = from >> 6; word <= to >> 6; word++)
        {
            var free = ~_held[word] & Inside(word, from, to);
            // A pair lies within one word, since its first is even; the second must be in the range, too.
            if (wish == PortWish.Pair) free &= (~_held[word] & Inside(word, range.First, range.Last)) >> 1;
            if (wish != PortWish.Any) free &= EvenPorts;
            if (free == 0) continue;
            port = (ushort)((word << 6) + BitOperations.TrailingZeroCount(free));
            return true;
        }

        port = 0;
        return false;
    }

    /// <summary>The bits of a word that lie between two ports, both included.</summary>
    static ulong Inside(int word, int from, int to)
    {
        var low = Math.Max(from - (word << 6), 0);
        var high = Math.Min(to - (word << 6), 63);
        return low > high ? 0 : ulong.MaxValue << low & ulong.MaxValue >> (63 - high);
    }
}
