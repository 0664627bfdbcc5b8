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

    /// <summary>Of one family: what is in <paramref name="ranges"/> but not in <paramref name="holes"/>, and all that is in
    /// <paramref name="always"/>.</summary>
    public static AddressSet Of(IPFamily family, AddressRange[] ranges, AddressRange[] holes, AddressRange[] always)
    {
        var cuts = Merge(Intervals(family, holes));
        List<(UInt128 First, UInt128 Last)> rest = [];
        foreach (var (first, last) in Merge(Intervals(family, ranges))) Cut(first, last, cuts, rest);
        return new(Merge(rest.Concat(Intervals(family, always))));
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

    static IEnumerable<(UInt128 First, UInt128 Last)> Intervals(IPFamily family, AddressRange[] ranges) =>
        ranges.Where(range => range.Family == family).Select(range => (range.First, range.Last));

    /// <summary>In ascending order, overlaps joined.</summary>
    static List<(UInt128 First, UInt128 Last)> Merge(IEnumerable<(UInt128 First, UInt128 Last)> intervals)
    {
        List<(UInt128 First, UInt128 Last)> merged = [];
        foreach (var (first, last) in intervals.OrderBy(interval => interval.First))
            if (merged.Count > 0 && first <= merged[^1].Last)
                merged[^1] = (merged[^1].First, UInt128.Max(merged[^1].Last, last));
            else
                merged.Add((first, last));
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
