using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report.Sections;

/// <summary>Every sample over sockets and every figure; of virtual time what stands out of it, the rest being in the JSON.</summary>
static class RawSection
{
    public static Section Of(AssessmentResult result) => new("raw", "Raw figures",
    [
        new Paragraph("Every sample over sockets, in the order in which it was taken. Those of virtual time are in assessment.json."),
        .. result.Cells.Where(cell => cell.Status == CellStatus.Measured).GroupBy(cell => cell.Way).Select(group => new Fold(
            $"{group.Key}: every sample over sockets",
            new Table(
                $"{group.Key}: samples", ["cell", "keys", "metric", "samples"],
                [
                    .. from cell in @group
                       from metric in cell.Metrics
                       select (IReadOnlyList<Cell>)
                       [
                           $"{cell.Scenario}, {Data.NameOf(cell.Network)}", $"{cell.Keys}", $"{metric.Key}, {metric.Value.Unit}",
                           string.Join(' ', metric.Value.Samples.Select(Words.Number)),
                       ],
                ]))),
        new Fold("The cells", new Table(
            "All cells", ["solution", "scenario", "network", "status", "bytes", "messages", "keys", "reason"],
            [
                .. result.Cells.Select(cell => (IReadOnlyList<Cell>)
                [
                    cell.Way.ToString(), cell.Scenario.ToString(), Data.NameOf(cell.Network), cell.Status, Words.Number(cell.Bytes),
                    Words.Number(cell.Messages), $"{cell.Keys}", cell.Reason ?? "",
                ]),
            ])),
        new Fold("All other figures", Data.Raw("Figures", result.Figures)),
    ])
    {
        IsForPageOnly = true,
    };
}
