using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>The connections of one worker by number, and when each is looked at again.</summary>
/// <param name="ledger">Counts them, together with those of other workers.</param>
sealed class ClientStreams(ConnectionLedger ledger) : IDisposable
{
    readonly Deadlines<ClientConnection> _deadlines = new();
    readonly Stack<int> _free = new();
    ClientConnection?[] _slots = new ClientConnection?[64];
    int _used;

    public Instant? NextDeadline => _deadlines.Next;

    /// <summary>The number that the next one gets.</summary>
    public int NextNumber => _free.TryPeek(out var number) ? number : _used;

    /// <summary>Keeps one that the ledger has admitted as <see cref="NextNumber"/>.</summary>
    public void Add(Instant now, ClientConnection stream)
    {
        if (!_free.TryPop(out var number)) number = _used++;
        if (number == _slots.Length) Array.Resize(ref _slots, 2 * number);
        _slots[number] = stream;
        (stream.Began, stream.LastHeard) = (now, now);
        LookAgain(stream, now + ledger.Limits.FirstMessage);
    }

    /// <summary>Whether it is kept under this number: it may be another worker's.</summary>
    public bool Has(int number, ClientConnection stream) => number < _slots.Length && _slots[number] == stream;

    /// <summary>False when the connection is closed; a later one of the same number has another five-tuple.</summary>
    public bool TryGet(int number, in FiveTuple tuple, [NotNullWhen(true)] out ClientConnection? stream)
    {
        stream = number < _slots.Length ? _slots[number] : null;
        return stream is not null && stream.Path.FiveTuple == tuple;
    }

    /// <summary>It has said something that was understood.</summary>
    public void Heard(Instant now, ClientConnection stream)
    {
        stream.LastHeard = now;
        if (stream.HasSpoken) return;
        stream.HasSpoken = true;
        ledger.Spoke(stream);
        LookAgain(stream, now + ledger.Limits.Idle);
    }

    public void LookAgain(ClientConnection stream, Instant at) => _deadlines.Set(stream, at);

    /// <summary>Gives one that is to be looked at.</summary>
    public bool TryPop(Instant now, [NotNullWhen(true)] out ClientConnection? stream) => _deadlines.TryPop(now, out stream);

    /// <summary>Forgets it; the caller closes it.</summary>
    public void Remove(int number, ClientConnection stream)
    {
        if (_slots[number] != stream) return;
        _slots[number] = null;
        _free.Push(number);
        _deadlines.Cancel(stream);
        ledger.End(stream);
    }

    public void Dispose()
    {
        foreach (var stream in _slots)
        {
            if (stream is null) continue;
            ledger.End(stream);
            stream.Dispose();
        }
    }
}
