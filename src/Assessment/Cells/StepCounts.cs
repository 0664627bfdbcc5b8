using System.Collections.Immutable;
using Portunus.Assessment.Links;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Cells;

/// <summary>Counts what each step of one client costs on streams, while nobody else is there.</summary>
sealed class StepCounts
{
    readonly StreamLink[] _links;
    readonly List<StepCount> _all = [];
    LinkCounts[] _last;

    public StepCounts(IEnumerable<EmulatedLink> links)
    {
        _links = [.. links.OfType<StreamLink>()];
        _last = Snapshot();
    }

    public IReadOnlyList<StepCount> All
    {
        get
        {
            lock (_all) return [.. _all];
        }
    }

    /// <summary>A step has ended; what came since the one before is its.</summary>
    public void End(string step)
    {
        lock (_all)
        {
            var now = Snapshot();
            for (var i = 0; i < _links.Length; i++)
                if (Of(step, _links[i].Name, now[i].Minus(_last[i])) is { } count) _all.Add(count);
            _last = now;
        }
    }

    /// <summary>Of several clients the least of each figure; what not all did is left out: it happened beside them.</summary>
    public static ImmutableArray<StepCount> Least(IReadOnlyList<IReadOnlyList<StepCount>> clients) =>
        clients.Count == 0
            ? []
            :
            [
                .. clients[0].Where(one => clients.All(client => client.Any(other => IsSame(one, other))))
                    .Select(one => clients.Select(client => client.First(other => IsSame(one, other))).Aggregate(Lesser))
                    .Where(one => one.Connections > 0 || one.RoundTrips > 0),
            ];

    static bool IsSame(StepCount one, StepCount other) => one.Step == other.Step && one.Link == other.Link;

    static StepCount? Of(string step, string link, LinkCounts counts) => counts.Connections == 0 && counts.RoundTrips == 0
        ? null
        : new()
        {
            Step = step,
            Link = link,
            Connections = counts.Connections,
            TlsRoundTrips = counts.HandshakeRoundTrips,
            HandshakeBytes = counts.HandshakeBytes,
            RoundTrips = counts.RoundTrips,
            BytesUp = counts.BytesUp,
            BytesDown = counts.BytesDown,
        };

    static StepCount Lesser(StepCount a, StepCount b) => a with
    {
        Connections = Math.Min(a.Connections, b.Connections),
        TlsRoundTrips = Math.Min(a.TlsRoundTrips, b.TlsRoundTrips),
        HandshakeBytes = Math.Min(a.HandshakeBytes, b.HandshakeBytes),
        RoundTrips = Math.Min(a.RoundTrips, b.RoundTrips),
        BytesUp = Math.Min(a.BytesUp, b.BytesUp),
        BytesDown = Math.Min(a.BytesDown, b.BytesDown),
    };

    LinkCounts[] Snapshot() => [.. _links.Select(link => link.Snapshot())];
}
