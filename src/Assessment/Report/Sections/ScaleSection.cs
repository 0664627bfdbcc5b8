using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Report.Plots;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report.Sections;

/// <summary>Many users; and how much there is to understand.</summary>
static class ScaleSection
{
    static readonly (string Subject, string Y)[] Subjects =
    [
        (FigureName.StateTurn, "bytes"), (FigureName.StateEdge, "bytes"), (FigureName.Updates, "updates/s"),
        (FigureName.WorkPerAllocate, "µs"),
        (FigureName.AsksPerAllocate, "questions"),
    ];

    public static Section Of(AssessmentResult result)
    {
        var figures = Data.Figures(result, FigureName.Scale).ToArray();
        var complexity = Data.Figures(result, FigureName.Complexity).ToArray();
        return new("scale", "Scale and complexity",
        [
            new Heading("Many users"),
            .. figures.Length == 0
                ? [new Warning("Not measured.", ["No number of users was tried in this run."])]
                : new Block[]
                {
                    new Drawing(
                        "Over the number of registered users, by powers of ten; the names of lines that coincide stand below each other.",
                        [
                            .. from one in Subjects
                               let lines = Data.CoursesOver("U", figures.Where(figure => figure.Subject == one.Subject))
                                   .Where(line => line.Points.Count > 1).ToArray()
                               where lines.Length > 0
                               select LinePanel.Draw(
                                   new(one.Subject, "registered users", one.Y) { IsLogX = true }, lines),
                        ]),
                    new Fold("All figures of scale", Data.Raw("Scale", figures)),
                },
            new Heading("Complexity"),
            complexity.Length == 0
                ? new Warning("Not counted.", ["States, failure cases and lines were not counted in this run."])
                : Data.Raw("Counted in the sources and in docs/approach2.md", complexity),
        ]);
    }
}
