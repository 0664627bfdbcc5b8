using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Report.Plots;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Report.Sections;

/// <summary>Attacks, mishaps, and how long a credential lives.</summary>
static class SecuritySection
{
    static readonly (string Experiment, string Title)[] Parts =
    [
        (FigureName.Lifetime, "Deregistration and expiry"), (FigureName.Theft, "Stolen credentials, leaked secrets, a compromised WAF"),
        (FigureName.Prompts, "Prompts and calls while credentials and tokens are renewed"),
        (FigureName.Clocks, "Clocks that are wrong"), (FigureName.Restarts, "Restarts"),
        (FigureName.Rotation, "Rotation of keys under load"),
        (FigureName.Drills, "The drills"),
    ];

    public static Section Of(AssessmentResult result) => new(
        "security", "Security and lifetime",
            [.. Revocation(result), .. Parts.SelectMany(part => Blocks(result, part.Experiment, part.Title))]);

    static IEnumerable<Block> Revocation(AssessmentResult result)
    {
        var figures = Data.Figures(result, FigureName.Lifetime, FigureName.ToRefusal, FigureName.ToCut).ToArray();
        if (figures.Length == 0) yield break;
        yield return new Drawing(
            "A user is deregistered: how long until a new Allocate is refused, and until the running relay is cut. An arrow out of the "
            + "drawing: it did not come while it was waited for.",
            [Draw(figures, FigureName.ToRefusal), Draw(figures, FigureName.ToCut)], Width: 430);
    }

    static System.Xml.Linq.XElement Draw(Figure[] figures, string subject) => TimePanel.Draw(subject,
    [
        .. from way in Way.All
           from setting in figures.Select(figure => figure.Setting).Distinct().DefaultIfEmpty("")
           let figure = figures.FirstOrDefault(one => one.Subject == subject && one.Solution == way.Solution && one.Variant == way.Variant
               && one.Setting == setting)
           where figure is not null || setting == figures[0].Setting
           select new TimeRow(
               setting.Length == 0 ? $"{way}" : $"{way}, {setting.Replace('=', ' ')}", Data.SeriesOf(way), figure?.Value,
                   figure?.Outcome ?? Words.NotMeasured,
               figure is not null),
    ]);

    static IEnumerable<Block> Blocks(AssessmentResult result, string experiment, string title)
    {
        var figures = Data.Figures(result, experiment).ToArray();
        yield return new Heading(title);
        if (figures.Length == 0)
        {
            yield return new Paragraph($"{char.ToUpperInvariant(Words.NotMeasured[0])}{Words.NotMeasured[1..]} in this run.");
            yield break;
        }

        if (experiment == FigureName.Drills)
        {
            yield return Data.Raw(title, figures);
            yield break;
        }

        yield return Matrix(title, figures);
        yield return new Fold($"{title}: all figures", Data.Raw(title, figures));
    }

    /// <summary>A row for what was looked at, a column for each solution.</summary>
    static Table Matrix(string title, Figure[] figures)
    {
        var ways = figures.Select(figure => new Way(figure.Solution, figure.Variant)).Distinct()
            .OrderBy(way => Way.All.Index().FirstOrDefault(one => one.Item == way).Index).ToArray();
        return new(title, ["what was looked at", .. ways.Select(way => way.ToString())],
        [
            .. figures.GroupBy(figure => (figure.Subject, figure.Setting, figure.Scenario)).Select(row => (IReadOnlyList<Cell>)
            [
                string.Join(
                    ", ", new[] { row.Key.Subject, row.Key.Scenario?.ToString(), row.Key.Setting }.Where(word => word is { Length: > 0 })),
                .. ways.Select(way => Of(row.FirstOrDefault(figure => figure.Solution == way.Solution && figure.Variant == way.Variant))),
            ]),
        ]);
    }

    static Cell Of(Figure? figure) => figure is null
        ? new(Words.NotMeasured, Tone.Missing)
        : new(
            figure.Value is { } value ? Words.Number(value, figure.Unit) : figure.Outcome,
            figure.AsExpected switch { true => Tone.Good, false => Tone.Bad, null => Tone.Plain });
}
