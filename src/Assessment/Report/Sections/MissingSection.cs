using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report.Sections;

/// <summary>What is not there; none when everything is.</summary>
static class MissingSection
{
    public static Section? Of(AssessmentResult result)
    {
        var failed = result.Cells.Where(cell => cell.Status == CellStatus.Failed)
            .Select(cell => $"Failed: {cell.Way} in {cell.Scenario} over {Data.NameOf(cell.Network)}: {cell.Reason}");
        var odd = result.Figures.Where(figure => figure.AsExpected == false)
            .Select(figure => $"Not as expected: {figure.Subject}, {new Study.Way(figure.Solution, figure.Variant)} {figure.Setting}: "
                + figure.Outcome);
        string[] all = [.. result.Missing, .. failed, .. odd];
        return all.Length == 0
            ? null
            : new("missing", "What is missing", new Warning("This run is not whole. Nothing was put in the place of what follows:", all));
    }
}
