using System.Numerics;
using System.Runtime.InteropServices;
using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>
/// Something small for each of many sources, in memory that is all taken at the start: sets of four places. A source that finds no
/// place takes that of its set which was used longest ago.
/// </summary>
/// <param name="sources">How many places at least; rounded up to a power of two.</param>
sealed class PrefixTable<T>(int sources) where T : struct
{
    const int Ways = 4;

    readonly Place[] _places = new Place[Math.Max(Ways, (int)BitOperations.RoundUpToPowerOf2((uint)sources))];

    public int Capacity => _places.Length;

    /// <summary>Whether a source has a place; then it is the one that is returned, else any.</summary>
    /// <param name="hash">Under a key that nobody knows.</param>
    /// <param name="found">Whether the place is the source's.</param>
    public ref Place Find(UInt128 hash, out bool found)
    {
        var set = SetOf(hash);
        found = true;
        foreach (ref var place in set)
            if (place.Tag == TagOf(hash))
                return ref place;
        found = false;
        return ref set[0];
    }

    /// <summary>The place of a source, which is given one where it has none.</summary>
    public ref Place Take(UInt128 hash, Instant now)
    {
        var set = SetOf(hash);
        ref var oldest = ref set[0];
        foreach (ref var place in set)
        {
            if (place.Tag == TagOf(hash)) return ref Used(ref place, now);
            if (place.UsedAt < oldest.UsedAt) oldest = ref place;
        }

        oldest = new() { Tag = TagOf(hash) };
        return ref Used(ref oldest, now);
    }

    static ref Place Used(ref Place place, Instant now)
    {
        place.UsedAt = now.MonotonicTicks;
        return ref place;
    }

    // 0 is a free place's.
    static ulong TagOf(UInt128 hash) => (ulong)hash | 1;

    Span<Place> SetOf(UInt128 hash) =>
        _places.AsSpan((int)(hash >> 64) & (_places.Length - 1) & ~(Ways - 1), Ways);

    /// <summary>One source's.</summary>
    [StructLayout(LayoutKind.Auto)]
    public struct Place
    {
        internal ulong Tag;

        /// <summary>In monotonic ticks.</summary>
        public long UsedAt;

        public T Value;
    }
}
