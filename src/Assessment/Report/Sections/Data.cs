using System.Collections.Immutable;
using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Report.Plots;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Verdicts;

namespace Portunus.Assessment.Report.Sections;

/// <summary>What several sections look up.</summary>
static class Data
{
    /// <summary>The number of a solution's colour.</summary>
    public static int SeriesOf(string solution) => solution switch
    {
        "S0" => 0,
        "OAuth" => 1,
        "A1" => 2,
        "A2" => 3,
        "Combined" => 4,
        _ => 5,
    };

    public static int SeriesOf(Way way) => SeriesOf(way.Solution);

    /// <summary>Networks of cells, the least delay first.</summary>
    public static IReadOnlyList<Network> NetworksOf(AssessmentResult result, Func<CellResult, bool> which) =>
    [
        .. result.Cells.Where(which).Select(cell => cell.Network).DistinctBy(NameOf).OrderBy(one => one.RttMs).ThenBy(one => one.Loss),
    ];

    /// <summary>Links with a round-trip time of their own are named.</summary>
    public static string NameOf(Network network) => network.Links.Count == 0
        ? network.ToString()
        : $"{network} ({string.Join(", ", network.Links.Select(link => $"{link.Key} {Words.Number(link.Value)} ms"))})";

    /// <summary>Networks over which something ran, or should have, over sockets; a cell that is impossible is so in all.</summary>
    public static IReadOnlyList<Network> SocketNetworksOf(AssessmentResult result) =>
        NetworksOf(result, cell => cell.Status is CellStatus.Measured or CellStatus.Failed);

    public static bool IsVirtual(CellResult cell) => cell.Status == CellStatus.Modelled;

    public static CellResult? Cell(AssessmentResult result, Way way, RegistrationScenario scenario, Network network, bool isVirtual) =>
        result.Cells.FirstOrDefault(cell => cell.Scenario == scenario && cell.Solution == way.Solution && cell.Variant == way.Variant
            && IsSame(cell.Network, network) && IsVirtual(cell) == isVirtual);

    /// <summary>By value: a record compares its table of links by reference.</summary>
    static bool IsSame(Network one, Network other) =>
        one.RttMs.Equals(other.RttMs) && one.Loss.Equals(other.Loss) && one.Links.SequenceEqual(other.Links);

    public static ImmutableArray<double> Samples(CellResult? cell, string metric) =>
        cell?.Metrics.GetValueOrDefault(metric) is { Samples: { IsDefaultOrEmpty: false } samples } ? samples : [];

    /// <summary>What stands in a drawing where a cell has no samples.</summary>
    public static string Instead(CellResult? cell) => cell?.Status switch
    {
        CellStatus.Impossible => "impossible: the system refuses",
        CellStatus.Failed => "failed",
        _ => Words.NotMeasured,
    };

    /// <summary>A figure of the solution's variant, or of the solution in all its variants.</summary>
    public static Figure? Figure(AssessmentResult result, string experiment, string subject, Way way) =>
        new Evidence(result).Figure(experiment, subject, way) ?? new Evidence(result).Figure(experiment, subject, new(way.Solution));

    public static IEnumerable<Figure> Figures(AssessmentResult result, string experiment, params string[] subjects) =>
        result.Figures.Where(figure => figure.Experiment == experiment && (subjects.Length == 0 || subjects.Contains(figure.Subject)));

    /// <summary>A table of figures as they are in the file.</summary>
    public static Table Raw(string caption, IEnumerable<Figure> figures) => new(
        caption, ["what was looked at", "solution", "scenario", "setting", "value", "outcome", "by"],
        [
            .. figures.Select(figure => (IReadOnlyList<Cell>)
            [
                figure.Subject, new Way(figure.Solution, figure.Variant).ToString(), figure.Scenario?.ToString() ?? "any", figure.Setting,
                figure.Value is { } value ? Words.Number(value, figure.Unit) : "–",
                new(figure.Outcome, figure.AsExpected switch { true => Tone.Good, false => Tone.Bad, null => Tone.Plain }), figure.By,
            ]),
        ]);

    public static Tone ToneOf(string verdict) => verdict switch
    {
        Verdict.ConfirmedWord => Tone.Good,
        Verdict.RefutedWord => Tone.Bad,
        Verdict.OpenWord => Tone.Missing,
        _ => Tone.Depends,
    };

    /// <summary>Lines over a number in the settings of figures, such as N; those that differ in anything else are other lines. Of the
    /// other numbers, those are taken for which there are most points.</summary>
    public static IReadOnlyList<Course> CoursesOver(string name, IEnumerable<Figure> figures)
    {
        var all = figures.Where(figure => figure.Value is not null && Evidence.Number(figure.Setting, name) is not null)
            .Select(figure => (Figure: figure, At: Evidence.Number(figure.Setting, name)!.Value, Words: Rest(figure.Setting, name)))
            .ToArray();
        var numbers = all.GroupBy(one => one.Words.Numbers)
            .OrderByDescending(group => group.Select(one => one.At).Distinct().Count())
            .ThenByDescending(group => group.Count()).FirstOrDefault()?.Key;
        return
        [
            .. all.Where(one => one.Words.Numbers == numbers)
                .GroupBy(one => (Way: new Way(one.Figure.Solution, one.Figure.Variant), one.Words.Others))
                .Select(group => new Course(
                    group.Key.Others.Length == 0 ? $"{group.Key.Way}" : $"{group.Key.Way}, {group.Key.Others}", SeriesOf(group.Key.Way),
                    [.. group.DistinctBy(one => one.At).OrderBy(one => one.At).Select(one => ((double)one.At, one.Figure.Value!.Value))])),
        ];
    }

    static (string Numbers, string Others) Rest(string setting, string name)
    {
        var words = setting.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(word => !word.StartsWith($"{name}=", StringComparison.Ordinal)).ToLookup(word => word.Length > 1 && word[1] == '=');
        return (string.Join(' ', words[true]), string.Join(' ', words[false].Select(word => word[(word.IndexOf('=') + 1)..])));
    }
}
