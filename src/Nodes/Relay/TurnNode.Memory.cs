using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// A server that dies of its memory takes every call with it: before that, nothing new begins.
public sealed partial class TurnNode
{
    static readonly TimeSpan MemorySilence = TimeSpan.FromMinutes(1);

    readonly MemoryWatch _memory;
    Instant? _memorySaid;
    bool _isMemorySaid;

    /// <summary>Whether new allocations and connections are refused to spare memory.</summary>
    public bool IsMemoryShort => _memory.IsShort;

    /// <summary>Called by the watch, once at a time; false when a worker has too many orders to take this one.</summary>
    bool TryTellMemory(bool isShort, double share)
    {
        foreach (var worker in _workers)
            if (!worker.TryPost(new TurnOrder.SpareMemory(isShort)))
                return false;
        var (now, percent) = (SystemClock.Now, (int)(share * 100));
        if (!isShort)
        {
            if (_isMemorySaid) RelayLog.MemoryAmple(_log, percent);
            _isMemorySaid = false;
        }
        else if (_memorySaid is not { } last || now > last + MemorySilence)
        {
            RelayLog.MemoryShort(_log, percent);
            (_memorySaid, _isMemorySaid) = (now, true);
        }

        return true;
    }
}
