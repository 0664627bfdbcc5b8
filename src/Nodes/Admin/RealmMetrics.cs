using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Nodes.Admin;

/// <summary>What each realm of a TURN server has and had; as many samples as the configuration has realms, whatever clients say.</summary>
static class RealmMetrics
{
    public static void Write(MetricsText text, TurnNode turn)
    {
        var realms = turn.Realms();
        text.Gauge("portunus_turn_realm_allocations", "Allocations that live, by realm.", Each(one => one.Began - one.Ended));
        text.Counter("portunus_turn_realm_allocations_begun_total", "Allocations that began, by realm.", Each(one => one.Began));
        text.Counter("portunus_turn_realm_relayed_datagrams_total", "Datagrams relayed, by realm and direction.",
            Directions(one => one.ToPeerPackets, one => one.ToClientPackets));
        text.Counter("portunus_turn_realm_relayed_bytes_total", "Payload relayed, by realm and direction.",
            Directions(one => one.ToPeerBytes, one => one.ToClientBytes));

        IEnumerable<(string, double)> Each(Func<RealmTotals, long> count) =>
            realms.Select(one => (MetricsText.Labels(("realm", one.Realm)), (double)count(one)));
        IEnumerable<(string, double)> Directions(Func<Traffic, long> toPeer, Func<Traffic, long> toClient) => realms.SelectMany(
            one => new[] { ("to_peer", toPeer(one.Traffic)), ("to_client", toClient(one.Traffic)) },
            (one, way) => (MetricsText.Labels(("realm", one.Realm), ("direction", way.Item1)), (double)way.Item2));
    }
}
