using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Report.Sections;

/// <summary>What is not there, or not as it should be; no section when all is well.</summary>
static class MissingSection
{
    static readonly (string Experiment, string Name)[] Experiments =
    [
        (FigureName.Protocol, "what is new in the protocols, and which clients relay"),
        (FigureName.Management, "the management of many nodes"),
        (FigureName.Lifetime, "deregistration and expiry"), (FigureName.Theft, "stolen credentials and leaked secrets"),
        (FigureName.Prompts, "prompts and failed calls while credentials and tokens are renewed"),
        (FigureName.Clocks, "clocks that are wrong"), (FigureName.Restarts, "restarts"),
        (FigureName.Rotation, "the rotation of keys under load"),
        (FigureName.Drills, "the drills"), (FigureName.Scale, "many users"), (FigureName.Complexity, "complexity"),
    ];

    public static Section? Of(AssessmentResult result)
    {
        Block[] warnings =
        [
            .. Say("This run is not whole. Nothing was put in the place of what follows:", result.Missing),
            .. Say("Not tried in this mode, or not allowed by the system itself:", result.LeftOut),
            .. Say("Nothing was found out, in this run, about:", Absent(result)),
            .. Say("Claims that stay open for want of figures:", result.Claims.Where(claim => Data.ToneOf(claim.Verdict) == Tone.Missing)
                .Select(claim => $"{claim.Id} {claim.Text} {string.Join(' ', claim.Evidence)}")),
            .. Say("Cells that should have worked:", result.Cells.Where(cell => cell.Status == CellStatus.Failed)
                .Select(cell => $"Failed: {cell.Way} in {cell.Scenario} over {Data.NameOf(cell.Network)}: {cell.Reason}")),
            .. Say("What came out otherwise than it should:", result.Figures.Where(figure => figure.AsExpected == false).Select(Name)),
        ];
        return warnings.Length == 0 ? null : new("missing", "What is missing, failed, or not as it should be", warnings);
    }

    static IEnumerable<string> Absent(AssessmentResult result)
    {
        if (!result.Cells.Any(cell => cell.Status == CellStatus.Measured)) yield return "times and traffic over sockets";
        if (!result.Cells.Any(Data.IsVirtual)) yield return "the grid of networks in virtual time";
        if (result.Agreements.IsEmpty) yield return "the agreement of sockets and virtual time";
        if (result.Architecture.IsEmpty) yield return "functions and interfaces of the solutions";
        foreach (var (experiment, name) in Experiments)
            if (!Data.Figures(result, experiment).Any())
                yield return name;
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
