using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Report.Sections;

/// <summary>What is not there, or not as it should be; no section when all is well.</summary>
static class MissingSection
{
    public static Section? Of(AssessmentResult result)
    {
        Block[] warnings =
        [
            .. Say("This run is not whole. Nothing was put in the place of what follows:", result.Missing),
            .. Say("Cells that should have worked:", result.Cells.Where(cell => cell.Status == CellStatus.Failed)
                .Select(cell => $"Failed: {cell.Way} in {cell.Scenario} over {Data.NameOf(cell.Network)}: {cell.Reason}")),
            .. Say("What came out otherwise than it should:", result.Figures.Where(figure => figure.AsExpected == false).Select(Name)),
        ];
        return warnings.Length == 0 ? null : new("missing", "What is missing, failed, or not as it should be", warnings);
    }

    static string Name(Figure figure)
    {
        var setting = figure.Setting.Length == 0 ? "" : $", {figure.Setting}";
        return $"{figure.Subject}, {new Way(figure.Solution, figure.Variant)}{setting}: {figure.Outcome}";
    }

    static IEnumerable<Block> Say(string title, IEnumerable<string> items)
    {
        string[] all = [.. items];
        if (all.Length > 0) yield return new Warning(title, all);
    }
}
