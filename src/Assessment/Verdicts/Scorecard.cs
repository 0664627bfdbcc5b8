using System.Globalization;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Verdicts;

/// <summary>
/// Puts the solutions in order, criterion by criterion: each figure is set between the worst of all solutions (0) and the best (1).
/// Which solution is to be preferred follows from the weights, which are the reader's.
/// </summary>
public static class Scorecard
{
    static readonly Measure[] Measures =
    [
        new("coverage", "registration scenarios in which a client relays", 10, IsMoreBetter: true, Coverage),
        new("architecture", "interfaces that the network has for this alone", 8, IsMoreBetter: false, Interfaces),
        new("call set-up", "median time from the click to the first relay candidate, over the networks", 6, false,
            (evidence, way) => Median(evidence, way, MetricName.Candidate)),
        new("registration", "median time from sign-in to the registration, over the networks", 3, false,
            (evidence, way) => Median(evidence, way, MetricName.Registered)),
        new("protocol", "SIP headers and STUN attributes that are new", 4, false, NewProtocol),
        new("clients", "unmodified clients and browsers that can relay", 8, true, Clients),
        new("management", "sites touched when a WAF and when a TURN server is added", 5, false, Sites),
        new("revocation", "time from deregistration to the cut of a running relay", 6, false, Revocation),
        new("leak", "identities that a secret of the TURN server is good for, once it has leaked", 6, false, Leak),
        new("state", "bytes at the TURN server for each registered user", 2, false, State),
    ];

    /// <summary>Adds criteria and scores.</summary>
    public static AssessmentResult Score(AssessmentResult result)
    {
        var evidence = new Evidence(result);
        return result with
        {
            Criteria = [.. Measures.Select(measure => new Criterion(measure.Name, measure.Asks, measure.Weight))],
            Scores = [.. Measures.SelectMany(measure => ScoresOf(measure, evidence))],
        };
    }

    /// <summary>The weighted mean of a solution's scores, of what is known; null where nothing is.</summary>
    /// <param name="result">With scores.</param>
    /// <param name="way">The solution.</param>
    /// <param name="weightOf">By criterion.</param>
    public static double? Mean(AssessmentResult result, Way way, Func<Criterion, double> weightOf)
    {
        var known = result.Scores.Where(score => score.Solution == way.Solution && score.Variant == way.Variant && score.Value is not null)
            .Join(result.Criteria, score => score.Criterion, criterion => criterion.Name,
                (score, criterion) => (Value: score.Value!.Value, Weight: weightOf(criterion)))
            .Where(one => one.Weight > 0).ToArray();
        return known.Length == 0 ? null : known.Sum(one => one.Value * one.Weight) / known.Sum(one => one.Weight);
    }

    static IEnumerable<Score> ScoresOf(Measure measure, Evidence evidence)
    {
        var figures = Way.All.Select(way => (Way: way, Figure: measure.Read(evidence, way))).ToArray();
        var known = figures.Where(one => one.Figure is not null).Select(one => Scale(one.Figure!.Value.Value)).ToArray();
        foreach (var (way, figure) in figures)
            yield return new(
                way.Solution, way.Variant, measure.Name,
                figure is { } one ? Place(Scale(one.Value), known.Min(), known.Max(), measure.IsMoreBetter) : null,
                figure?.Said ?? "not measured");
    }

    static double Place(double value, double least, double most, bool isMoreBetter) =>
        most == least ? 1 : isMoreBetter ? (value - least) / (most - least) : (most - value) / (most - least);

    /// <summary>Times, counts and leaks lie over powers of ten: one user and a thousand differ as a thousand and a million do.</summary>
    static double Scale(double value) => Math.Log10(1 + value);

    static (double Value, string Said)? Coverage(Evidence evidence, Way way)
    {
        var all = Enum.GetValues<RegistrationScenario>().Select(scenario => evidence.StatusOf(way, scenario)).ToArray();
        var count = all.Count(status => status == CellStatus.Measured);
        return all.Any(status => status is null) ? null : (count, $"{count} of {all.Length}");
    }

    static (double, string)? Interfaces(Evidence evidence, Way way) =>
        evidence.Architecture(way)?.Interfaces.Count(one => one.IsNew) is { } count ? (count, $"{count}") : null;

    /// <summary>In S2, or where the solution is not there in S1: the mean of the medians over the networks.</summary>
    static (double, string)? Median(Evidence evidence, Way way, string metric)
    {
        foreach (var scenario in new[] { RegistrationScenario.S2, RegistrationScenario.S1 })
            if (evidence.Medians(way, scenario, metric) is { Count: > 0 } medians)
            {
                var mean = medians.Average(one => one.Median);
                return (mean, $"{Text(mean)} ms in {scenario}");
            }

        return null;
    }

    static (double, string)? NewProtocol(Evidence evidence, Way way)
    {
        var headers = evidence.Figure(FigureName.Protocol, FigureName.NewSipHeaders, way)?.Value;
        var attributes = evidence.Figure(FigureName.Protocol, FigureName.NewStunAttributes, way)?.Value;
        return headers + attributes is { } sum ? (sum, $"{Text(headers!.Value)} headers, {Text(attributes!.Value)} attributes") : null;
    }

    static (double, string)? Clients(Evidence evidence, Way way)
    {
        // When a token was fetched makes no difference to who can send it.
        var tried = way.Solution == "OAuth" ? Way.OAuthWarm : way;
        var plain = evidence.Figure(FigureName.Protocol, FigureName.PlainTurnClient, tried)?.Value;
        var browser = evidence.Figure(FigureName.Protocol, FigureName.StockBrowser, tried)?.Value;
        return plain is { } known
            ? (known + (browser ?? known), $"client {Word(plain)}, browser {Word(browser)}")
            : null;

        static string Word(double? value) => value switch { 1 => "yes", 0 => "no", _ => "not tried" };
    }

    /// <summary>The mean over the fleets that every solution was tried with, keys by hand: of other fleets, one solution's would be
    /// set against another's.</summary>
    static (double, string)? Sites(Evidence evidence, Way way)
    {
        var all = Way.All.Select(one => SitesByFleet(evidence, one)).Where(sites => sites.Count > 0).ToArray();
        var common = SitesByFleet(evidence, way).Where(own => all.All(sites => sites.ContainsKey(own.Key))).ToArray();
        return common.Length == 0
            ? null
            : (common.Average(own => own.Value), $"{Text(common.Average(own => own.Value))}, mean of {common.Length} fleets");
    }

    static Dictionary<string, double> SitesByFleet(Evidence evidence, Way way)
    {
        var wafs = Of(FigureName.SitesForWaf);
        return Of(FigureName.SitesForTurn).Where(turn => wafs.ContainsKey(turn.Key))
            .ToDictionary(turn => turn.Key, turn => turn.Value + wafs[turn.Key]);

        Dictionary<string, double> Of(string subject) => evidence
            .Figures(FigureName.Management, subject, way.Solution, "keys=manual waf=third-party")
            .Where(figure => figure.Value is not null && (figure.Variant == way.Variant || figure.Variant == "-"))
            .DistinctBy(figure => figure.Setting).ToDictionary(figure => figure.Setting, figure => figure.Value!.Value);
    }

    /// <summary>Without the feed, and when the core ends the registration, where that was tried. What was not cut while it was waited
    /// for runs for its lifetime, an hour at most.</summary>
    static (double, string)? Revocation(Evidence evidence, Way way)
    {
        const double Longest = 3600;
        var figure = evidence.Figures(FigureName.Lifetime, FigureName.ToCut, way.Solution)
            .Where(one => (one.Variant == way.Variant || one.Variant == "-") && !one.Setting.Split(' ').Contains("feed=on"))
            .OrderBy(one => !one.Setting.Split(' ').Contains("end=core"))
            .FirstOrDefault();
        return figure is null ? null : (figure.Value ?? Longest, figure.Value is { } seconds ? $"{Text(seconds)} s" : figure.Outcome);
    }

    /// <summary>Of what a TURN server has, and who breaks into it: the worst that was tried. What the eP-CSCF proves itself with is
    /// another's.</summary>
    static (double, string)? Leak(Evidence evidence, Way way) =>
        evidence.Figures(FigureName.Theft, FigureName.LeakIdentities, way.Solution)
            .Where(one => (one.Variant == way.Variant || one.Variant == "-") && one.Setting != "secret=edge-certificate")
            .MaxBy(one => one.Value) is { Value: { } count } figure
            ? (count, $"{Text(count)}: {figure.Outcome}")
            : null;

    static (double, string)? State(Evidence evidence, Way way) =>
        evidence.Figures(FigureName.Scale, FigureName.StateTurn, way.Solution)
            .Where(one => one.Variant == way.Variant || one.Variant == "-")
            .MaxBy(one => Evidence.Number(one.Setting, "U")) is { Value: { } bytes }
            ? (bytes, $"{Text(bytes)} bytes")
            : null;

    static string Text(double number) => Math.Round(number, number < 10 ? 2 : 0).ToString(CultureInfo.InvariantCulture);

    sealed record Measure(
        string Name, string Asks, int Weight, bool IsMoreBetter, Func<Evidence, Way, (double Value, string Said)?> Read);
}
