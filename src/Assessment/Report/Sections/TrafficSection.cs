using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Report.Plots;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Report.Sections;

/// <summary>What passed over which link.</summary>
static class TrafficSection
{
    const string Handshakes = "handshakes";

    public static Section Of(AssessmentResult result) => new("traffic", "Messages and bytes by link",
    [
        new Paragraph("What one client caused from sign-in to registration, and from the click to media, counted without loss in runs of "
            + "their own. Handshakes of TLS are a part of their own in the bytes, and no messages. What the nodes tell each other on their "
            + "own after a registration, such as the edge's subscription to its news, may fall into either part."),
        .. Enum.GetValues<RegistrationScenario>().SelectMany(scenario => Blocks(result, LinksOf(result), scenario)),
    ]);

    static IEnumerable<Block> Blocks(AssessmentResult result, IReadOnlyList<string> links, RegistrationScenario scenario)
    {
        var cells = Way.All.Select(way => (Way: way, Cell: CellOf(result, way, scenario))).ToArray();
        if (cells.All(one => one.Cell is null or { Registration: [], Call: [] })) yield break;
        yield return new Heading(Words.Of(scenario));
        yield return new Drawing(
            $"{scenario}: messages and bytes of one client by link, for the registration and for the call; the parts of a "
            + "bar stand in the order of the legend.",
            [
                Draw($"messages, registration, {scenario}", "messages", links, cell => cell.Registration, link => link.Messages),
                Draw($"messages, call, {scenario}", "messages", links, cell => cell.Call, link => link.Messages),
                Draw($"bytes, registration, {scenario}", "bytes", [.. links, Handshakes], cell => cell.Registration, link => link.Bytes),
                Draw($"bytes, call, {scenario}", "bytes", [.. links, Handshakes], cell => cell.Call, link => link.Bytes),
            ],
            Width: 430);
        yield return new Fold($"{scenario}: traffic as numbers", Numbers(scenario, cells));

        System.Xml.Linq.XElement Draw(
            string title, string unit, IReadOnlyList<string> parts,
                Func<CellResult, IEnumerable<LinkCount>> phase, Func<LinkCount, double> value) =>
            BarPanel.Draw(title, unit, parts, [.. cells.Select(one => new Bar(
                one.Way.ToString(),
                    one.Cell is { Status: CellStatus.Measured or CellStatus.Modelled } cell ? Parts(phase(cell), parts, value) : [],
                Data.Instead(one.Cell)))]);
    }

    /// <summary>The same in all drawings, so that a link has one fill.</summary>
    static IReadOnlyList<string> LinksOf(AssessmentResult result) =>
        [.. result.Cells.SelectMany(cell => cell.Registration.Concat(cell.Call)).Select(link => link.Link).Distinct()];

    static IReadOnlyList<(string, double)> Parts(
        IEnumerable<LinkCount> links, IReadOnlyList<string> parts, Func<LinkCount, double> value) =>
    [
        .. links.Select(link => (link.Link, value(link))),
        .. parts.Contains(Handshakes) ? [(Handshakes, links.Sum(link => link.HandshakeBytes))] : Array.Empty<(string, double)>(),
    ];

    /// <summary>Over sockets where there is such a cell.</summary>
    static CellResult? CellOf(AssessmentResult result, Way way, RegistrationScenario scenario) =>
        result.Cells.Where(cell => cell.Way == way && cell.Scenario == scenario).OrderBy(cell => cell.Status == CellStatus.Measured ? 0 : 1)
            .ThenBy(cell => cell.Network.Loss).ThenBy(cell => cell.Network.RttMs).FirstOrDefault();

    static Table Numbers(RegistrationScenario scenario, IEnumerable<(Way Way, CellResult? Cell)> cells) => new(
        $"{scenario}: what each link carried for one client",
        ["solution", "phase", "link", "from", "to", "protocol", "messages", "bytes",
            "round trips", "connections", "round trips of handshakes",
            "bytes of handshakes"],
        [
            .. cells.Where(one => one.Cell is not null).SelectMany(one =>
                new[] { ("registration", one.Cell!.Registration), ("call", one.Cell.Call) }
                .SelectMany(phase => phase.Item2.Select(link => (IReadOnlyList<Cell>)
                [
                    one.Way.ToString(), phase.Item1, link.Link, link.From, link.To, link.Protocol, Words.Number(link.Messages),
                    Words.Number(link.Bytes), Words.Number(link.RoundTrips), Words.Number(link.Connections), Words.Number(link.Handshakes),
                    Words.Number(link.HandshakeBytes),
                ]))),
        ]);
}
