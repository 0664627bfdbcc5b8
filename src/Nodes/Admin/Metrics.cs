using Portunus.Epcscf;
using Portunus.Nodes.Core;

namespace Portunus.Nodes.Admin;

/// <summary>What the parts of this process counted, as Prometheus reads it; of no user, and so of bounded number.</summary>
static class Metrics
{
    public static string Write(AdminSettings settings)
    {
        var text = new MetricsText();
        if (settings.Turn is { } turn)
        {
            TurnMetrics.Write(text, turn);
            CoturnMetrics.Write(text, turn);
            RealmMetrics.Write(text, turn);
        }

        if (settings.Turn?.Audit is { } audit)
        {
            text.Counter("portunus_audit_events_total", "Audit events that stand in the file.", audit.Written);
            text.Counter("portunus_audit_lost_total", "Audit events that could not be written.", audit.Lost);
        }

        if (settings.Edge is { } edge) OfEdge(text, edge);
        if (settings.Reloads is { } reloads)
        {
            text.Counter("portunus_reloads_total", "How often the configuration was read again.",
            [
                (MetricsText.Labels(("result", "success")), reloads.Successes),
                (MetricsText.Labels(("result", "failure")), reloads.Failures),
            ]);
            text.Gauge("portunus_reload_last_success", "Whether the last reading succeeded; 1 before any.", reloads.LastSucceeded ? 1 : 0);
        }

        ProcessMetrics.Write(text);
        return text.ToString();
    }

    static void OfEdge(MetricsText text, EdgeNode edge)
    {
        text.Gauge("portunus_edge_flows", "WebSockets that are open.", edge.Flows);
        text.Counter("portunus_edge_events_total", "What the edge reported, by event.", Enum.GetValues<EdgeEvent>()
            .Select(what => (MetricsText.Labels(("event", MetricsText.Label(what))), (double)edge.Reports(what))));
    }
}
