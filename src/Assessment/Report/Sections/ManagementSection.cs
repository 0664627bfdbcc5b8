using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Report.Plots;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report.Sections;

/// <summary>What it is to run many of them.</summary>
static class ManagementSection
{
    static readonly (string Subject, string Y)[] Subjects =
    [
        (FigureName.SitesForTurn, "sites"), (FigureName.SitesForWaf, "sites"), (FigureName.SitesForRotation, "sites"),
        (FigureName.KeysInstalled, "secrets"), (FigureName.KeysOutside, "secrets"), (FigureName.SecondsToAgree, "seconds"),
    ];

    static readonly (string Name, string Label)[] Axes =
        [("N", "number of WAFs"), ("M", "number of TURN servers"), ("P", "number of edges")];

    public static Section Of(AssessmentResult result)
    {
        var figures = Data.Figures(result, FigureName.Management).ToArray();
        if (figures.Length == 0) return new("management", "Management", new Warning("Not measured.", ["No fleet was configured in this "
            + "run."]));
        var drawings = Axes.Select(axis => Draw(figures, axis.Name, axis.Label))
            .Where(drawing => drawing.Panels.Count > 0).ToArray<Block>();
        return new("management", "Management",
        [
            new Paragraph("N WAFs, M TURN servers and P edges were really configured. A site is a machine whose configuration somebody "
                + "has to touch. Lines that coincide have their names below each other."),
            .. drawings,
            new Fold("All figures of management", Data.Raw("Management", figures)),
        ]);
    }

    static Drawing Draw(Figure[] figures, string name, string label) => new(
        $"What it takes to run many, over the {label}; the other numbers stay the same in a panel.",
        [
            .. from one in Subjects
               let lines = Data.CoursesOver(name, figures.Where(figure => figure.Subject == one.Subject))
                   .Where(line => line.Points.Count > 1).ToArray()
               where lines.Length > 0
               select LinePanel.Draw(new(one.Subject, $"{label} ({name})", one.Y) { Margin = 178 }, lines),
        ]);
}
