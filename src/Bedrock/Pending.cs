using System.Diagnostics.CodeAnalysis;

namespace Portunus.Bedrock;

/// <summary>Names one question that a machine asked of the outside; never reused by that machine.</summary>
public readonly record struct AskId(ulong Value);

/// <summary>
/// The questions a machine waits for, each with what was kept to run again when the answer is there. Bounded: a full
/// table refuses, and the machine drops or answers 503 instead of growing.
/// </summary>
/// <param name="capacity">How many questions may be open at once.</param>
public sealed class Pending<TKept>(int capacity)
{
    readonly Dictionary<AskId, TKept> _open = [];
    readonly Deadlines<AskId> _deadlines = new();
    ulong _last;

    public int Count => _open.Count;

    public Instant? NextDeadline => _deadlines.Next;

    /// <summary>Opens a question; false when the table is full.</summary>
    public bool TryOpen(TKept kept, Instant deadline, out AskId id)
    {
        id = default;
        if (_open.Count >= capacity) return false;
        id = new AskId(++_last);
        _open.Add(id, kept);
        _deadlines.Set(id, deadline);
        return true;
    }

    /// <summary>Closes a question that was answered; false when it is not open any more: the answer came too late.</summary>
    public bool TryClose(AskId id, [MaybeNullWhen(false)] out TKept kept)
    {
        _deadlines.Cancel(id);
        return _open.Remove(id, out kept);
    }

    /// <summary>Closes the earliest question whose deadline has come: silence is an answer, too.</summary>
    public bool TryExpire(Instant now, out AskId id, [MaybeNullWhen(false)] out TKept kept)
    {
        kept = default;
        return _deadlines.TryPop(now, out id) && _open.Remove(id, out kept);
    }
}
