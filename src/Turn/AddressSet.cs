using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>An immutable set of addresses of one family: disjoint intervals in ascending order, asked by bisection.</summary>
/// <remarks>IPv6 addresses are compared as whole 128-bit numbers; comparing byte by byte would deny a box, not a range.</remarks>
sealed class AddressSet
{
    readonly UInt128[] _firsts;
    readonly UInt128[] _lasts;

    AddressSet(List<(UInt128 First, UInt128 Last)> intervals) =>
        (_firsts, _lasts) = ([.. intervals.Select(i => i.First)], [.. intervals.Select(i => i.Last)]);

    /// <summary>What is in <paramref name="ranges"/>, less what is in <paramref name="without"/>, of one family.</summary>
    public static AddressSet Of(IPFamily family, IEnumerable<AddressRange> ranges, IEnumerable<AddressRange> without)
    {
        var holes = Merge(family, without);
        List<(UInt128 First, UInt128 Last)> result = [];
        foreach (var (first, last) in Merge(family, ranges)) Cut(first, last, holes, result);
        return new(result);
    }

    public bool Contains(UInt128 address)
    {
        int low = 0, high = _firsts.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (address < _firsts[middle]) high = middle - 1;
            else if (address > _lasts[middle]) low = middle + 1;
            else return true;
        }

        return false;
    }

    /// <summary>The intervals of one family in ascending order, overlaps joined.</summary>
    static List<(UInt128 First, UInt128 Last)> Merge(IPFamily family, IEnumerable<AddressRange> ranges)
    {
        List<(UInt128 First, UInt128 Last)> merged = [];
        foreach (var range in ranges.Where(r => r.Family == family).OrderBy(r => r.First))
            if (merged.Count > 0 && range.First <= merged[^1].Last)
                merged[^1] = (merged[^1].First, UInt128.Max(merged[^1].Last, range.Last));
            else
                merged.Add((range.First, range.Last));
        return merged;
    }

    /// <summary>Adds what the holes leave of one interval.</summary>
    static void Cut(UInt128 first, UInt128 last, List<(UInt128 First, UInt128 Last)> holes, List<(UInt128, UInt128)> result)
    {
        foreach (var hole in holes)
        {
            if (hole.Last < first || hole.First > last) continue;
            if (hole.First > first) result.Add((first, hole.First - 1));
            if (hole.Last >= last) return;
            first = hole.Last + 1;
        }

        result.Add((first, last));
    }
}
