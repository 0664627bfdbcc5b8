using System.Diagnostics.CodeAnalysis;

namespace Portunus.Bedrock;

/// <summary>What is due when: at most one deadline a key, moved and cancelled in logarithmic time.</summary>
/// <remarks>A binary heap with the place of each key beside it. Equal deadlines come out in the order they were set.</remarks>
public sealed class Deadlines<TKey> where TKey : notnull
{
    readonly List<Entry> _heap = [];
    readonly Dictionary<TKey, int> _places;
    ulong _order;

    public Deadlines(IEqualityComparer<TKey>? comparer = null) => _places = new(comparer);

    public int Count => _heap.Count;

    /// <summary>When the earliest is due; null when nothing is.</summary>
    public Instant? Next => _heap.Count == 0 ? null : _heap[0].At;

    /// <summary>Sets or moves the deadline of <paramref name="key"/>.</summary>
    public void Set(TKey key, Instant at)
    {
        var entry = new Entry(at, ++_order, key);
        if (_places.TryGetValue(key, out var place))
        {
            _heap[place] = entry;
            Sink(Rise(place));
            return;
        }

        _heap.Add(entry);
        _places[key] = _heap.Count - 1;
        Rise(_heap.Count - 1);
    }

    /// <summary>False when the key had no deadline.</summary>
    public bool Cancel(TKey key)
    {
        if (!_places.TryGetValue(key, out var place)) return false;
        RemoveAt(place);
        return true;
    }

    public bool TryGet(TKey key, out Instant at)
    {
        var found = _places.TryGetValue(key, out var place);
        at = found ? _heap[place].At : default;
        return found;
    }

    /// <summary>Takes out the earliest key whose deadline is not after <paramref name="now"/>.</summary>
    public bool TryPop(Instant now, [MaybeNullWhen(false)] out TKey key)
    {
        if (_heap.Count == 0 || _heap[0].At > now)
        {
            key = default;
            return false;
        }

        key = _heap[0].Key;
        RemoveAt(0);
        return true;
    }

    void RemoveAt(int place)
    {
        _places.Remove(_heap[place].Key);
        var last = _heap.Count - 1;
        if (place != last)
        {
            _heap[place] = _heap[last];
            _places[_heap[place].Key] = place;
        }

        _heap.RemoveAt(last);
        if (place < _heap.Count) Sink(Rise(place));
    }

    int Rise(int place)
    {
        while (place > 0 && _heap[place].Before(_heap[(place - 1) / 2])) place = Swap(place, (place - 1) / 2);
        return place;
    }

    void Sink(int place)
    {
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= _heap.Count) return;
            if (child + 1 < _heap.Count && _heap[child + 1].Before(_heap[child])) child++;
            if (!_heap[child].Before(_heap[place])) return;
            place = Swap(place, child);
        }
    }

    int Swap(int from, int to)
    {
        (_heap[from], _heap[to]) = (_heap[to], _heap[from]);
        _places[_heap[from].Key] = from;
        _places[_heap[to].Key] = to;
        return to;
    }

    readonly record struct Entry(Instant At, ulong Order, TKey Key)
    {
        public bool Before(in Entry other) => At == other.At ? Order < other.Order : At < other.At;
    }
}
