using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Verdicts;

/// <summary>Finds figures of a result; null where the run has none.</summary>
sealed class Evidence(AssessmentResult result)
{
    public AssessmentResult Result => result;

    /// <summary>Cells over sockets, whatever became of them.</summary>
    public IReadOnlyList<CellResult> Cells(Way way, RegistrationScenario scenario) =>
    [
        .. result.Cells.Where(cell => cell.Way == way && cell.Scenario == scenario && cell.Status != CellStatus.Modelled),
    ];

    /// <summary>Null when there is no cell, or they differ.</summary>
    public string? StatusOf(Way way, RegistrationScenario scenario)
    {
        var all = Cells(way, scenario).Select(cell => cell.Status).Distinct().ToArray();
        return all.Length == 1 ? all[0] : null;
    }

    public IEnumerable<CellResult> Measured(Way way, RegistrationScenario scenario) =>
        Cells(way, scenario).Where(cell => cell.Status == CellStatus.Measured);

    /// <summary>Medians of a metric, by network.</summary>
    public IReadOnlyList<(Network Network, double Median)> Medians(Way way, RegistrationScenario scenario, string metric) =>
    [
        .. Measured(way, scenario)
            .Where(cell => cell.Metrics.GetValueOrDefault(metric)?.P50 is not null)
            .Select(cell => (cell.Network, cell.Metrics[metric].P50!.Value)),
    ];

    /// <summary>What a link carried in a call; null without a measured cell.</summary>
    public LinkCount? CallLink(Way way, RegistrationScenario scenario, string link) => LinkOf(way, scenario, link, cell => cell.Call);

    /// <summary>What a link carried at the registration; null without a measured cell.</summary>
    public LinkCount? RegistrationLink(Way way, RegistrationScenario scenario, string link) =>
        LinkOf(way, scenario, link, cell => cell.Registration);

    public Figure? Figure(string experiment, string subject, Way way, string setting = "") =>
        result.Figures.FirstOrDefault(figure =>
            figure.Experiment == experiment && figure.Subject == subject && figure.Solution == way.Solution
            && figure.Variant == way.Variant && Has(figure.Setting, setting));

    public IEnumerable<Figure> Figures(string experiment, string subject, string solution, string setting = "") =>
        result.Figures.Where(figure => figure.Experiment == experiment && figure.Subject == subject
            && figure.Solution == solution && Has(figure.Setting, setting));

    /// <summary>Without the revocation feed.</summary>
    public ArchitectureResult? Architecture(Way way, bool hasFeed = false) => result.Architecture.FirstOrDefault(one =>
        one.Solution == way.Solution && one.Variant == way.Variant && one.HasFeed == hasFeed);

    /// <summary>The number after a name in a setting such as <c>N=10 M=20</c>; null without it.</summary>
    public static int? Number(string setting, string name) =>
        setting.Split(' ').FirstOrDefault(word => word.StartsWith($"{name}=", StringComparison.Ordinal)) is { } word
            && int.TryParse(word[(name.Length + 1)..], out var number)
            ? number
            : null;

    static bool Has(string setting, string words) =>
        words.Length == 0 || words.Split(' ').All(word => setting.Split(' ').Contains(word));

    LinkCount? LinkOf(Way way, RegistrationScenario scenario, string link, Func<CellResult, IEnumerable<LinkCount>> phase) =>
        Measured(way, scenario).FirstOrDefault() is { } cell
            ? phase(cell).FirstOrDefault(count => count.Link == link)
                ?? new() { Link = link, From = "", To = "", Protocol = "" }
            : null;
}
