using System.Collections.Immutable;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>A run as one would expect it, made up: what a test of a verdict changes one datum of.</summary>
static class ExampleResult
{
    public static AssessmentResult Make() => new()
    {
        Machine = new("a processor", 2, "a system", "a runtime", "0.0.0"),
        Seed = 1,
        Mode = "default",
        Began = DateTimeOffset.UnixEpoch,
        Cells = [.. Way.All.SelectMany(way => Enum.GetValues<RegistrationScenario>().Select(scenario => Cell(way, scenario)))],
        Architecture = [.. Way.All.Select(way => Architecture(way))],
        Figures = [.. Way.All.SelectMany(ProtocolOf), .. Management(), .. Lifetimes(), .. Complexity()],
    };

    public static AssessmentResult With(this AssessmentResult result, Func<CellResult, bool> which, Func<CellResult, CellResult> change) =>
        result with { Cells = [.. result.Cells.Select(cell => which(cell) ? change(cell) : cell)] };

    public static AssessmentResult With(this AssessmentResult result, Func<Figure, bool> which, double? value) =>
        result with { Figures = [.. result.Figures.Select(figure => which(figure) ? figure with { Value = value } : figure)] };

    public static AssessmentResult With(this AssessmentResult result, Way way, params ImmutableArray<SeenInterface> interfaces) =>
        result with
        {
            Architecture =
            [
                .. result.Architecture.Select(one =>
                    one.Solution == way.Solution && one.Variant == way.Variant ? one with { Interfaces = interfaces } : one),
            ],
        };

    public static readonly SeenInterface Push = new("eP-CSCF", "TURN", "HTTPS", 2, "credentials", IsNew: true);

    static bool IsImpossible(Way way, RegistrationScenario scenario) =>
        (way.Solution == "OAuth" && scenario == RegistrationScenario.S1) || (way == Way.S0 && scenario != RegistrationScenario.S1);

    static CellResult Cell(Way way, RegistrationScenario scenario)
    {
        var cell = new CellResult
        {
            Solution = way.Solution, Variant = way.Variant, Scenario = scenario, Network = new(20, 0), Status = CellStatus.Impossible,
            Reason = "The system says why.",
        };
        if (IsImpossible(way, scenario)) return cell;
        var candidate = way == Way.OAuthCold ? 120 : way == Way.OAuthWarm ? 64 : 43;
        return cell with
        {
            Status = CellStatus.Measured,
            Reason = null,
            Keys = way.Solution is "A1" or "Combined" ? 1 : 0,
            Metrics = MetricName.All.ToImmutableSortedDictionary(name => name, _ => new Metric("ms", [candidate, candidate, candidate])),
            Registration = [Link(LinkName.W2, 4)],
            Call = way.Solution == "OAuth" && way != Way.OAuthPrefetched
                ? [Link(LinkName.W2, 8), Link(LinkName.Waf, 2), Link(LinkName.Stun, 6)]
                : [Link(LinkName.W2, 8), Link(LinkName.Stun, 6)],
        };
    }

    static LinkCount Link(string name, double messages) =>
        new() { Link = name, From = "WIC", To = "another", Protocol = "a protocol", Messages = messages, Bytes = 1 };

    static ArchitectureResult Architecture(Way way) => new()
    {
        Solution = way.Solution,
        Variant = way.Variant,
        Functions = ["WIC", "eP-CSCF", "TURN"],
        Interfaces = way == Way.A2Push || way == Way.A2Pull ? [Push] : [],
    };

    static IEnumerable<Figure> ProtocolOf(Way way)
    {
        var isToken = way.Solution is "OAuth" or "Combined";
        yield return Figure(FigureName.Protocol, FigureName.NewSipHeaders, way, way.Solution is "OAuth" or "S0" ? 0 : 2);
        yield return Figure(FigureName.Protocol, FigureName.NewSipMethods, way, 0);
        yield return Figure(FigureName.Protocol, FigureName.NewStunAttributes, way, isToken ? 2 : 0);
        yield return Figure(FigureName.Protocol, FigureName.PlainTurnClient, way, isToken ? 0 : 1);
        yield return Figure(FigureName.Protocol, FigureName.StockBrowser, way, isToken ? 0 : 1);
    }

    static IEnumerable<Figure> Management()
    {
        foreach (var wafs in new[] { 1, 10 })
        {
            var size = $"N={wafs} M=20 P=4";
            yield return Figure(FigureName.Management, FigureName.SitesForTurn, new("OAuth"), wafs + 1,
                $"{size} keys=manual waf=third-party");
            yield return Figure(FigureName.Management, FigureName.SitesForTurn, new("OAuth"), 1, $"{size} keys=automatic waf=third-party");
            foreach (var solution in new[] { "A1", "A2" })
            {
                yield return Figure(FigureName.Management, FigureName.KeysInstalled, new(solution), 24, size);
                yield return Figure(FigureName.Management, FigureName.SitesForWaf, new(solution), 0, size);
                yield return Figure(FigureName.Management, FigureName.KeysOutside, new(solution), 0, size);
            }
        }
    }

    static IEnumerable<Figure> Lifetimes() => Way.All.Select(way =>
        Figure(FigureName.Lifetime, FigureName.ToCut, way, way.Solution == "A2" ? 0.05 : null, "feed=off"));

    static IEnumerable<Figure> Complexity()
    {
        foreach (var subject in new[] { FigureName.States, FigureName.FailureCases, FigureName.CodeLines })
        {
            yield return Figure(FigureName.Complexity, subject, Way.A1, 1);
            foreach (var way in new[] { Way.A2Push, Way.A2Pull, Way.A2Integrated })
                yield return Figure(FigureName.Complexity, subject, way, 10);
        }
    }

    static Figure Figure(string experiment, string subject, Way way, double? value, string setting = "") => new()
    {
        Experiment = experiment, Subject = subject, Solution = way.Solution, Variant = way.Variant, Value = value, Setting = setting,
        Outcome = "as it came",
    };
}
