using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// A ConnectionBind may come to another worker than the one that has the connection: its client's connection is handed over, with all that
// belongs to it, and the message is read again there.
sealed partial class RelayWorker
{
    // A client that binds one connection is handed over once; who has been handed on and on is nobody's.
    const int MostHandOvers = 3;

    readonly Arrivals _arrivals;
    List<ClientStream> _arrived = [];

    /// <summary>Nothing of it is here any more, answers that wait aside, which go along.</summary>
    void HandOver(Instant now, ClientStream stream, WorkerId to)
    {
        Flush(now);
        if (stream.IsDoomed) return;
        _path.Unwatch(stream);
        // It may have been heard here for another worker (RFC 8016).
        _rules.OnClosed(now, stream.Path);
        while (_rules.TryTake(out var effect)) Perform(now, effect);
        _streams.Remove(stream.Path.Listener - _listeners.Length, stream);
        stream.AwaitsRoom = false;
        if (stream.HandOvers <= MostHandOvers && _colleague(to)._arrivals.TryAdd(stream)) return;
        _counters.StreamsRefused++;
        stream.Dispose();
    }

    void TakeArrivals()
    {
        if (!_arrivals.TryTake(ref _arrived)) return;
        foreach (var stream in _arrived) Receive(_clock(), stream);
        _arrived.Clear();
        if (_doomed.Count > 0) CloseDoomed(_clock());
    }

    void Receive(Instant now, ClientStream stream)
    {
        if (!_ledger.TryAdmit(stream.Path.FiveTuple.Client))
        {
            _counters.StreamsRefused++;
            stream.Dispose();
            return;
        }

        var (messages, wire) = stream.Arrive(_listeners.Length + _streams.NextNumber);
        _streams.Add(now, stream);
        _path.Watch(stream);
        Register(now, stream);
        _counters.StreamsHandedOver++;
        Touch(stream);
        Cut(now, stream, messages);
        if (_batch.Free < 2) LetGo(now);
        if (stream.Session is { } session) Decipher(now, stream, session, wire);
        LetGo(now);
        if (stream.LeavesFor is { } to) HandOver(now, stream, to);
    }
}
