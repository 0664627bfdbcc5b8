using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>The connections of one worker by number, and when each is looked at again.</summary>
/// <param name="ledger">Counts them, together with those of other workers.</param>
sealed class ClientStreams(ConnectionLedger ledger) : IDisposable
{
    // A number has its slot in the lower bits, and above them how often the slot was used before: what comes late for a connection that is
    // closed does not meet the next one, even if that has the same five-tuple. StreamLimits allows no more than there are slots.
    const int SlotBits = 20;
    const int AllBits = 30;

    /// <summary>How many can be told apart.</summary>
    public const int Most = 1 << SlotBits;

    readonly Deadlines<ClientConnection> _deadlines = new();
    readonly Stack<int> _free = new();
    ClientConnection?[] _slots = new ClientConnection?[64];
    int[] _numbers = new int[64];
    int _used;

    public Instant? NextDeadline => _deadlines.Next;

    /// <summary>The number that the next one gets.</summary>
    public int NextNumber => _free.TryPeek(out var slot) ? _numbers[slot] : _used;

    /// <summary>Keeps one that the ledger has admitted as <see cref="NextNumber"/>.</summary>
    public void Add(Instant now, ClientConnection stream)
    {
        if (!_free.TryPop(out var slot)) slot = _used++;
        if (slot == _slots.Length)
        {
            Array.Resize(ref _slots, 2 * slot);
            Array.Resize(ref _numbers, 2 * slot);
        }

        if (_numbers[slot] == 0) _numbers[slot] = slot;
        _slots[slot] = stream;
        (stream.Began, stream.LastHeard) = (now, now);
        LookAgain(stream, now + ledger.Limits.FirstMessage);
    }

    /// <summary>Whether it is kept under this number: it may be another worker's.</summary>
    public bool Has(int number, ClientConnection stream) => SlotOf(number) < _slots.Length && _slots[SlotOf(number)] == stream;

    /// <summary>False when the connection is closed.</summary>
    public bool TryGet(int number, in FiveTuple tuple, [NotNullWhen(true)] out ClientConnection? stream)
    {
        var slot = SlotOf(number);
        stream = slot < _slots.Length && _numbers[slot] == number ? _slots[slot] : null;
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
        var slot = SlotOf(number);
        if (_slots[slot] != stream) return;
        _slots[slot] = null;
        _numbers[slot] = (_numbers[slot] + (1 << SlotBits)) & ((1 << AllBits) - 1);
        _free.Push(slot);
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

    static int SlotOf(int number) => number & ((1 << SlotBits) - 1);
}
