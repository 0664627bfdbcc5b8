using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Report.Plots;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Report.Sections;

/// <summary>Times over sockets, by scenario.</summary>
static class TimesSection
{
    static readonly string[] Metrics = [MetricName.Candidate, MetricName.Registered, MetricName.Media];

    public static Section Of(AssessmentResult result)
    {
        var networks = Data.SocketNetworksOf(result);
        return networks.Count == 0
            ? new("times", "Times over sockets", new Warning("There are none.", ["No cell was run over sockets."]))
            : new("times", "Times over sockets",
            [
                new Paragraph("In each drawing a dot is one client, the bar goes from the 5th to the 95th percentile, the upright line "
                    + "is the median and its value stands at the right. Every panel begins at zero and has a scale of its own; \"+2▸\" "
                    + "are samples beyond it. A hatched row is a cell without samples, and says why."),
                .. Enum.GetValues<RegistrationScenario>().SelectMany(scenario => Blocks(result, scenario, networks)),
                Impossible(result),
            ]);
    }

    static IEnumerable<Block> Blocks(AssessmentResult result, RegistrationScenario scenario, IReadOnlyList<Network> networks)
    {
        yield return new Heading(Words.Of(scenario));
        if (networks.Count == 1)
            yield return new Drawing(
                $"{scenario}: times from the click to the first relay candidate, from sign-in to registered, and from the click to media, "
                + "in milliseconds, by solution.",
                [.. Metrics.Select(metric => Panel(result, scenario, networks[0], metric))]);
        else
            foreach (var metric in Metrics)
                yield return new Drawing(
                    $"{scenario}: time {Words.OfMetric(metric)}, in milliseconds, by solution, for each network (round-trip time of every "
                        + "link, loss).",
                    [.. networks.Select(network => Panel(result, scenario, network, metric))]);
        yield return new Fold($"{scenario}: these times as numbers, with those to the INVITE", Numbers(result, scenario, networks));
    }

    static System.Xml.Linq.XElement Panel(AssessmentResult result, RegistrationScenario scenario, Network network,
        string metric) => RangePanel.Draw(
        $"{metric}, {scenario}, {Data.NameOf(network)}", "ms",
        [
            .. Way.All.Select(way =>
            {
                var cell = Data.Cell(result, way, scenario, network, isVirtual: false);
                return new RangeRow(way.ToString(), Data.SeriesOf(way), Data.Samples(cell, metric), Data.Instead(cell));
            }),
        ]);

    static Table Numbers(AssessmentResult result, RegistrationScenario scenario, IReadOnlyList<Network> networks) => new(
        $"{scenario} over sockets: median, 95th and 99th percentile in milliseconds, and the number of samples",
        ["solution", "network", "status", .. MetricName.All],
        [
            .. from way in Way.All
               from network in networks
               let cell = Data.Cell(result, way, scenario, network, isVirtual: false)
               select (IReadOnlyList<Cell>)
               [
                   way.ToString(), Data.NameOf(network), cell?.Status ?? Words.NotMeasured,
                   .. MetricName.All.Select(metric => Numbers(cell?.Metrics.GetValueOrDefault(metric))),
               ],
        ]);

    internal static Cell Numbers(Metric? metric) => metric is { P50: { } median, P95: { } late, P99: { } last }
        ? $"{Words.Number(median)} / {Words.Number(late)} / {Words.Number(last)} ({metric.N})"
        : "–";

    static Table Impossible(AssessmentResult result) => new(
        "Cells without samples, and the reason in the system's own words", ["cell", "status", "reason"],
        [
            .. result.Cells.Where(cell => cell.Status is CellStatus.Impossible or CellStatus.Failed)
                .GroupBy(cell => (cell.Way, cell.Scenario, cell.Status, cell.Reason))
                .Select(group => (IReadOnlyList<Cell>)
                [
                    $"{group.Key.Way} in {group.Key.Scenario}",
                    new(group.Key.Status, group.Key.Status == CellStatus.Failed ? Tone.Bad : Tone.Plain), group.Key.Reason ?? "",
                ]),
        ]);
}
