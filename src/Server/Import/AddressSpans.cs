using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Server.Import;

/// <summary>Spans of addresses of both families: from the first to the last, which need be no block. Disjoint and in order.</summary>
sealed class AddressSpans
{
    readonly List<(IPFamily Family, UInt128 First, UInt128 Last)> _spans;

    AddressSpans(IEnumerable<(IPFamily Family, UInt128 First, UInt128 Last)> spans)
    {
        _spans = [];
        foreach (var (family, first, last) in spans.OrderBy(span => span.Family).ThenBy(span => span.First))
            if (_spans.Count > 0 && _spans[^1].Family == family && (first <= _spans[^1].Last || first == _spans[^1].Last + 1))
                _spans[^1] = (family, _spans[^1].First, UInt128.Max(_spans[^1].Last, last));
            else
                _spans.Add((family, first, last));
    }

    public static AddressSpans None { get; } = new([]);

    public bool IsEmpty => _spans.Count == 0;

    /// <summary>Reads <c>10.0.0.0-10.255.255.255</c>, <c>10.0.0.0/8</c>, or one address.</summary>
    public static bool TryParse(string text, out AddressSpans spans)
    {
        spans = None;
        var parts = text.Split('-', 2, StringSplitOptions.TrimEntries);
        if (!AddressRange.TryParse(parts[0], out var first)) return false;
        var last = first;
        if (parts.Length == 2 && (!AddressRange.TryParse(parts[1], out last) || last.Family != first.Family || last.Last < first.First))
            return false;
        spans = new([(first.Family, first.First, last.Last)]);
        return true;
    }

    public static AddressSpans Of(IEnumerable<AddressRange> ranges) => new(ranges.Select(range => (range.Family, range.First, range.Last)));

    public AddressSpans With(AddressSpans other) => new([.. _spans, .. other._spans]);

    public AddressSpans Without(AddressSpans other)
    {
        List<(IPFamily Family, UInt128 First, UInt128 Last)> rest = [.. _spans];
        foreach (var (family, first, last) in other._spans)
            rest = [.. rest.SelectMany(span =>
                span.Family != family || span.Last < first || span.First > last ? [span] : Sides(span, first, last))];
        return new(rest);
    }

    /// <summary>What is in both.</summary>
    public AddressSpans Within(AddressSpans other) => Without(Without(other));

    /// <summary>As the fewest blocks that hold exactly these addresses.</summary>
    public IEnumerable<AddressRange> ToRanges()
    {
        foreach (var (family, from, last) in _spans)
        {
            var width = family == IPFamily.IPv4 ? 32 : 128;
            for (var first = from; ;)
            {
                // The largest block that begins here: as many bits as are zero at its end, and not beyond the last.
                var bits = first == 0 ? width : (int)UInt128.TrailingZeroCount(first);
                while (bits > 0 && (bits == 128 ? UInt128.MaxValue : (UInt128.One << bits) - 1) > last - first) bits--;
                var address = family == IPFamily.IPv4 ? TransportAddress.IPv4((uint)first, 0) : TransportAddress.IPv6(first, 0);
                yield return AddressRange.Of(address, width - bits);
                var end = first + (bits == 128 ? UInt128.MaxValue : (UInt128.One << bits) - 1);
                if (end >= last) break;
                first = end + 1;
            }
        }
    }

    static IEnumerable<(IPFamily, UInt128, UInt128)> Sides((IPFamily Family, UInt128 First, UInt128 Last) span, UInt128 first, UInt128 last)
    {
        if (span.First < first) yield return (span.Family, span.First, first - 1);
        if (span.Last > last) yield return (span.Family, last + 1, span.Last);
    }
}
