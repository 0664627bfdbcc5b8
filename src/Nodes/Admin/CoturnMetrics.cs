using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Stun;

namespace Portunus.Nodes.Admin;

/// <summary>The same counts under the names and types that coturn gives them, so that who comes from there keeps dashboards and
/// alerts. Unlike there they grow while sessions live, and not at their end, and none is by user.</summary>
static class CoturnMetrics
{
    public static void Write(MetricsText text, TurnNode turn)
    {
        var workers = turn.Decisions;
        text.Counter("stun_binding_request", "Incoming STUN Binding requests", Sum(by => by.Requests(StunMethod.Binding)));
        text.Counter("stun_binding_response", "Outgoing STUN Binding responses", Sum(by => by.SuccessesOf(StunMethod.Binding)));
        text.Counter("stun_binding_error", "STUN Binding errors", Sum(by => by.FailuresOf(StunMethod.Binding)));
        text.Counter("turn_unauthenticated_401_responses", "401 responses emitted", Sum(by => by.Errors(401)));
        text.Counter("turn_unauthenticated_401_dropped_responses", "Answers to strangers that were withheld",
            workers.Sum(worker => worker.Drops(Turn.DropReason.SourceLimit) + worker.Drops(Turn.DropReason.BudgetSpent)));
        var traffic = workers.Select(worker => worker.Traffic).ToArray();
        text.Counter("turn_total_traffic_rcvp", "Received packets", traffic.Sum(one => one.ToPeerPackets));
        text.Counter("turn_total_traffic_rcvb", "Received bytes", traffic.Sum(one => one.ToPeerBytes));
        text.Counter("turn_total_traffic_sentp", "Sent packets", traffic.Sum(one => one.ToClientPackets));
        text.Counter("turn_total_traffic_sentb", "Sent bytes", traffic.Sum(one => one.ToClientBytes));
        text.Counter("turn_total_traffic_peer_rcvp", "Peer received packets", traffic.Sum(one => one.ToClientPackets));
        text.Counter("turn_total_traffic_peer_rcvb", "Peer received bytes", traffic.Sum(one => one.ToClientBytes));
        text.Counter("turn_total_traffic_peer_sentp", "Peer sent packets", traffic.Sum(one => one.ToPeerPackets));
        text.Counter("turn_total_traffic_peer_sentb", "Peer sent bytes", traffic.Sum(one => one.ToPeerBytes));
        OfRealms(text, turn.Realms());
        text.Gauge("turn_total_allocations", "Current allocations number", Enum.GetValues<ClientTransport>().Select(transport => (
            MetricsText.Labels(("type", Name(transport))),
            (double)workers.Sum(worker => worker.By(transport).AllocationsBegan - worker.By(transport).AllocationsEnded))));
        text.Counter("turn_packet_processed", "Incoming packet processed", turn.Loops.Sum(loop => loop.Received));
        text.Counter("turn_packet_dropped", "Incoming packet dropped",
            workers.Sum(worker => Enum.GetValues<Turn.DropReason>().Where(IsLoss).Sum(worker.Drops)));

        double Sum(Func<Turn.TransportCounters, long> count) =>
            workers.Sum(worker => Enum.GetValues<ClientTransport>().Sum(transport => count(worker.By(transport))));
    }

    static void OfRealms(MetricsText text, Turn.RealmTotals[] realms)
    {
        Counter("turn_traffic_rcvp", "Received packets by realm", one => one.ToPeerPackets);
        Counter("turn_traffic_rcvb", "Received bytes by realm", one => one.ToPeerBytes);
        Counter("turn_traffic_sentp", "Sent packets by realm", one => one.ToClientPackets);
        Counter("turn_traffic_sentb", "Sent bytes by realm", one => one.ToClientBytes);
        Counter("turn_traffic_peer_rcvp", "Peer received packets by realm", one => one.ToClientPackets);
        Counter("turn_traffic_peer_rcvb", "Peer received bytes by realm", one => one.ToClientBytes);
        Counter("turn_traffic_peer_sentp", "Peer sent packets by realm", one => one.ToPeerPackets);
        Counter("turn_traffic_peer_sentb", "Peer sent bytes by realm", one => one.ToPeerBytes);

        void Counter(string name, string help, Func<Turn.Traffic, long> count) => text.Counter(
            name, help, realms.Select(one => (MetricsText.Labels(("realm", one.Realm)), (double)count(one.Traffic))));
    }

    /// <summary>A request that waits for the outside, and a deadline without a reply, are no packets that were dropped.</summary>
    static bool IsLoss(Turn.DropReason reason) =>
        reason is not (Turn.DropReason.None or Turn.DropReason.Asked or Turn.DropReason.Nothing);

    static string Name(ClientTransport transport) => transport == ClientTransport.Tls ? "TLS/TCP" : transport.ToString().ToUpperInvariant();
}
