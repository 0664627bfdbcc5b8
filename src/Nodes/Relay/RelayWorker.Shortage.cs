using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// What is lacking is said, once a minute at most.
sealed partial class RelayWorker
{
    readonly long[] _shortagesSaid = new long[Enum.GetValues<Shortage>().Length];
    long _allShortagesSaid;

    /// <summary>Whether there is too little left for one more connection, whose descriptor this is.</summary>
    bool Lacks(Instant now, int descriptor, in TransportAddress at)
    {
        if (!Descriptors.AreScarce(descriptor)) return _rules.SparesMemory;
        _errors.Report(now, "a connection", SocketError.TooManyOpenSockets, at);
        return true;
    }

    /// <summary>Whether a connection keeps more of a message that is not whole than it may: without an allocation, and while memory is
    /// short with one, too; or than there is room for beside those of all others.</summary>
    bool IsTooCostly(Instant now, ClientStream stream)
    {
        var little = _ledger.Limits.MostUnproved;
        return !stream.MayKeep(_ledger, little)
            || (stream.Framing.Unfinished > little && (_rules.SparesMemory || !_rules.HasAllocation(now, stream.Path)));
    }

    void SayShortages(Instant now)
    {
        var counters = _rules.Counters;
        if (counters.AllShortages == _allShortagesSaid) return;
        _allShortagesSaid = counters.AllShortages;
        for (var shortage = Shortage.Ports; shortage <= Shortage.Memory; shortage++)
        {
            var count = counters.Shortages(shortage) - _shortagesSaid[(int)shortage];
            if (count == 0) continue;
            _shortagesSaid[(int)shortage] += count;
            // Of memory the node speaks, for all workers.
            if (shortage != Shortage.Memory) _errors.Report(now, shortage, count);
        }
    }
}
