using Portunus.Epcscf;
using Portunus.Nodes.Core;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Nodes.Admin;

/// <summary>What the machines counted, as Prometheus reads it; names after OpenMetrics §5.</summary>
static class Metrics
{
    public static string Write(TurnNode? turn, EdgeNode? edge)
    {
        var text = new MetricsText();
        if (turn is not null) OfTurn(text, turn);
        if (edge is not null) OfEdge(text, edge);
        return text.ToString();
    }

    static void OfTurn(MetricsText text, TurnNode turn)
    {
        var workers = turn.Decisions;
        text.Gauge("portunus_turn_allocations", "Allocations that live.", turn.Sessions().Length);
        text.Counter("portunus_turn_allocations_begun", "Allocations that began.", workers.Sum(w => w.AllocationsBegan));
        text.Counter("portunus_turn_allocations_ended", "Allocations that ended.", workers.Sum(w => w.AllocationsEnded));
        text.Counter("portunus_turn_successes", "Success responses.", workers.Sum(w => w.Successes));
        text.Counter("portunus_turn_credentials_tried", "Credentials that a MAC was computed with.",
            workers.Sum(w => w.CredentialsTried));
        text.Counter("portunus_turn_errors", "Error responses, by STUN error code.", "code", Enumerable.Range(300, 400)
            .Select(code => ($"{code}", workers.Sum(w => w.Errors(code)))).Where(row => row.Item2 > 0));
        text.Counter("portunus_turn_drops", "Messages that went nowhere, by reason.", "reason",
            Enum.GetValues<DropReason>().Where(reason => reason is not DropReason.None)
                .Select(reason => (MetricsText.Label(reason), workers.Sum(w => w.Drops(reason)))));
        text.Counter("portunus_turn_unauthenticated_bytes", "Requests over UDP that proved nothing, and their answers.", "direction",
            [("received", workers.Sum(w => w.UnauthenticatedBytesReceived)), ("sent", workers.Sum(w => w.UnauthenticatedBytesSent))]);
        text.Counter("portunus_turn_relayed_datagrams", "Datagrams relayed, by direction.", "direction",
            [("to_peer", workers.Sum(w => w.Traffic.ToPeerPackets)), ("to_client", workers.Sum(w => w.Traffic.ToClientPackets))]);
        text.Counter("portunus_turn_relayed_bytes", "Payload relayed, by direction.", "direction",
            [("to_peer", workers.Sum(w => w.Traffic.ToPeerBytes)), ("to_client", workers.Sum(w => w.Traffic.ToClientBytes))]);
    }

    static void OfEdge(MetricsText text, EdgeNode edge)
    {
        text.Gauge("portunus_edge_flows", "WebSockets that are open.", edge.Flows);
        text.Counter("portunus_edge_events", "What the edge reported, by event.", "event",
            Enum.GetValues<EdgeEvent>().Select(what => (MetricsText.Label(what), edge.Reports(what))));
    }
}
