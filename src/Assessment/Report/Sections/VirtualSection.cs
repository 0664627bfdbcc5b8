using System.Xml.Linq;
using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Report.Plots;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Report.Sections;

/// <summary>The grid of networks in virtual time.</summary>
static class VirtualSection
{
    public static Section Of(AssessmentResult result)
    {
        var networks = Data.NetworksOf(result, Data.IsVirtual);
        return networks.Count == 0
            ? new("virtual", "The grid of networks, in virtual time", new Warning("There is none.", ["No cell was run in virtual time."]))
            : new("virtual", "The grid of networks, in virtual time",
            [
                new Paragraph("Modelled cells. Each panel is a solution; over the round-trip time of the links, a line for each loss: "
                    + "the median with points, the 95th percentile faint. All panels of a drawing have the same scale."),
                .. Enum.GetValues<RegistrationScenario>().SelectMany(scenario => Blocks(result, scenario, networks)),
            ]);
    }

    static IEnumerable<Block> Blocks(AssessmentResult result, RegistrationScenario scenario, IReadOnlyList<Network> networks)
    {
        var drawings = new[] { MetricName.Candidate, MetricName.Registered, MetricName.Media }
            .Select(metric => Draw(result, scenario, networks, metric)).Where(drawing => drawing.Panels.Count > 0).ToArray<Block>();
        if (drawings.Length == 0) yield break;
        var table = new Table(
            $"{scenario} in virtual time: median, 95th and 99th percentile in milliseconds, and the number of samples",
            ["solution", "network", .. MetricName.All],
            [
                .. from way in Way.All
                   from network in networks
                   let cell = Data.Cell(result, way, scenario, network, isVirtual: true)
                   where cell is not null
                   select (IReadOnlyList<Cell>)
                   [
                       way.ToString(), Data.NameOf(network),
                       .. MetricName.All.Select(metric => TimesSection.Numbers(cell.Metrics.GetValueOrDefault(metric))),
                   ],
            ]);
        // One scenario says most; the others are there for who wants them.
        if (scenario == RegistrationScenario.S2)
        {
            yield return new Heading(Words.Of(scenario));
            foreach (var drawing in drawings) yield return drawing;
            yield return new Fold($"{scenario}: the grid as numbers", table);
        }
        else
        {
            yield return new Fold($"{Words.Of(scenario)}: the grid, drawn and as numbers", [.. drawings, table]);
        }
    }

    static Drawing Draw(AssessmentResult result, RegistrationScenario scenario, IReadOnlyList<Network> networks, string metric)
    {
        var ways = Way.All.Where(way =>
            networks.Any(network => Data.Samples(Data.Cell(result, way, scenario, network, true), metric).Length > 0))
            .ToArray();
        var most = ways.SelectMany(way => networks.Select(network =>
            Data.Cell(result, way, scenario, network, isVirtual: true)?.Metrics.GetValueOrDefault(metric)?.P95 ?? 0))
                .DefaultIfEmpty(1).Max();
        return new(
            $"{scenario}, virtual time: time {Words.OfMetric(metric)}, in milliseconds, over the round-trip time of the links.",
            [.. ways.Select(way => Panel(result, way, scenario, networks, metric, most))]);
    }

    static XElement Panel(
        AssessmentResult result, Way way, RegistrationScenario scenario, IReadOnlyList<Network> networks, string metric, double most)
    {
        List<Course> lines = [];
        foreach (var (index, losses) in networks.GroupBy(network => network.Loss).OrderBy(group => group.Key).Index())
        {
            var points = losses.Select(network => (
                    network.RttMs, Metric: Data.Cell(result, way, scenario, network, isVirtual: true)?.Metrics.GetValueOrDefault(metric)))
                .Where(one => one.Metric?.P50 is not null).ToArray();
            if (points.Length == 0) continue;
            lines.Add(new(
                $"{Words.Number(losses.Key * 100)} % loss", index + 1,
                    [.. points.Select(point => (point.RttMs, point.Metric!.P50!.Value))]));
            lines.Add(new("", index + 1, [.. points.Select(point => (point.RttMs, point.Metric!.P95!.Value))], IsFaint: true));
        }

        return LinePanel.Draw(
            new($"{way}: {metric}, {scenario}", "round-trip time of each link, ms", "ms") { MostY = most, Margin = 92 }, lines);
    }
}
