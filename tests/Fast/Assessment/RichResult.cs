using System.Collections.Immutable;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Verdicts;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>A whole run, made up, with something in every part of the report: for what is written of a result. Its numbers are
/// nobody's.</summary>
static class RichResult
{
    static readonly Network[] Usual = [new(20, 0), new(50, 0.01), new(150, 0.03)];

    static readonly string[] Drills = ["an expired username", "a token for one server at another", "malformed tokens"];

    public static AssessmentResult Make()
    {
        var small = ExampleResult.Make();
        var grid = new double[] { 1, 20, 50, 150 }.SelectMany(rtt => new[] { 0, 0.01, 0.03 }.Select(loss => new Network(rtt, loss)));
        AssessmentResult result = small with
        {
            Machine = new("A processor that nobody has", 2, "a system", "a runtime", "0.0.0+made-up"),
            Seed = 7,
            Seconds = 512.3456,
            Began = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero),
            Cells =
            [
                .. Usual.SelectMany(network => small.Cells.Select(cell => Over(cell, network, CellStatus.Measured, 30))),
                .. grid.SelectMany(network => small.Cells.Select(cell => Over(cell, network, CellStatus.Modelled, 12))),
            ],
            Architecture = [.. Way.All.Select(way => Architecture(way, false)),
                Architecture(Way.A1, true), Architecture(Way.Combined, true)],
            Figures =
            [
                .. small.Figures.Where(figure => figure.Experiment is not (FigureName.Management or FigureName.Lifetime)),
                .. Fleets(), .. Lifetimes(), .. Thefts(), .. Users(), .. DrillFigures(),
            ],
        };
        var agreements = result.Cells.Where(cell => cell.Status == CellStatus.Measured).SelectMany(cell => cell.Metrics.Select(metric =>
            new Agreement($"{cell.Way}, {cell.Scenario}, {cell.Network}", metric.Key, metric.Value.P50!.Value,
                (metric.Value.P50!.Value * (cell.Network.RttMs == 150 && metric.Key == MetricName.Media ? 1.08 : 1.01)) + 0.3)));
        result = Scorecard.Score(result with { Agreements = [.. agreements] });
        return result with { Claims = Claims.Judge(result) };
    }

    static CellResult Over(CellResult cell, Network network, string status, int samples)
    {
        if (cell.Status == CellStatus.Impossible) return cell with { Network = network };
        var trips = cell.Way == Way.OAuthCold ? 7 : cell.Way == Way.OAuthWarm ? 4 : cell.Way == Way.A2Pull ? 3.2 : 3;
        return cell with
        {
            Network = network,
            Status = status,
            Metrics = MetricName.All.Index().ToImmutableSortedDictionary(one => one.Item, one => new Metric(
                "ms", Samples((trips + (one.Index * 2.5) + (int)cell.Scenario) * network.RttMs, network.Loss, samples))),
            Registration =
            [
                Link(LinkName.W2, "WIC", "eP-CSCF", "SIP/WSS", 4, 3200), Link(LinkName.Mw, "eP-CSCF", "S-CSCF", "SIP/UDP", 3, 2570),
                .. cell.Scenario == RegistrationScenario.S1 ? Array.Empty<LinkCount>() : [Link(LinkName.W1, "WIC", "WWSF", "HTTPS",
                    4, 6100)],
                .. cell.Way == Way.A2Push ? [Link(LinkName.Credentials, "eP-CSCF", "TURN", "HTTPS", 2, 900)] : Array.Empty<LinkCount>(),
            ],
            Call =
            [
                Link(LinkName.W2, "WIC", "eP-CSCF", "SIP/WSS", 8, 6059), Link(LinkName.Stun, "WIC", "TURN", "STUN/UDP", 14, 1696),
                Link(LinkName.Mw, "eP-CSCF", "S-CSCF", "SIP/UDP", 5, 3481),
                .. cell.Call.Where(link => link.Link == LinkName.Waf).Select(_ => Link(LinkName.Waf, "WIC", "WAF", "HTTPS", 2, 1840)),
            ],
        };
    }

    /// <summary>As a network would: some late, a few much later by a timeout; always the same ones.</summary>
    static ImmutableArray<double> Samples(double middle, double loss, int count)
    {
        uint state = 12345;
        return [.. Enumerable.Range(0, count).Select(_ => middle + 3 + (9 * Next()) + (Next() < loss * 4 ? 1000 + (40 * Next()) : 0))];

        double Next()
        {
            state = (state * 1664525) + 1013904223;
            return (state >> 8) / (double)(1 << 24);
        }
    }

    static LinkCount Link(string name, string from, string to, string protocol, double messages, double bytes) => new()
    {
        Link = name, From = from, To = to, Protocol = protocol, Messages = messages, Bytes = bytes, RoundTrips = Math.Floor(messages / 2),
        Connections = protocol is "SIP/WSS" or "HTTPS" ? 1 : 0, Handshakes = protocol is "SIP/WSS" or "HTTPS" ? 2 : 0,
        HandshakeBytes = protocol is "SIP/WSS" or "HTTPS" ? 910 : 0,
    };

    static ArchitectureResult Architecture(Way way, bool hasFeed) => new()
    {
        Solution = way.Solution,
        Variant = way.Variant,
        HasFeed = hasFeed,
        Functions = ["WIC", "WWSF", "WAF", "eP-CSCF", "S-CSCF", "TURN"],
        Interfaces =
        [
            new("WIC", "WWSF", "HTTPS", 12, "W1", false), new("WIC", "WAF", "HTTPS", 6, "WAF", false),
            new("WIC", "eP-CSCF", "SIP/WSS", 40, "W2", false), new("eP-CSCF", "S-CSCF", "SIP/UDP", 30, "Mw", false),
            new("WIC", "TURN", "STUN/UDP", 42, "STUN", false), new("WWSF", "WAF", "HTTPS", 4, "site", false),
            .. way == Way.A2Push || hasFeed ? [ExampleResult.Push] : Array.Empty<SeenInterface>(),
            .. way == Way.A2Pull
                ? [new("TURN", "eP-CSCF", "HTTPS", 2, "credential fetch", true), ExampleResult.Push]
                : Array.Empty<SeenInterface>(),
            .. way == Way.A2Integrated ? [new("eP-CSCF", "TURN", "ng/TLS", 8, "control", false)] : Array.Empty<SeenInterface>(),
            .. way.Solution == "OAuth" ? [new("TURN", "WAF", "HTTPS", 1, "TURN keys", true)] : Array.Empty<SeenInterface>(),
        ],
        NewOnTheWire = way.Solution switch
        {
            "OAuth" => ["ACCESS-TOKEN", "THIRD-PARTY-AUTHORIZATION"],
            "S0" => [],
            _ => ["Turn-Credential", "Turn-Credential-Request"],
        },
    };

    static IEnumerable<Figure> Fleets()
    {
        foreach (var wafs in new[] { 1, 5, 10, 20 })
        {
            var size = $"N={wafs} M=20 P=4";
            foreach (var way in new[] { new Way("OAuth"), new Way("A1"), new Way("A2", "push"), new Way("Combined") })
                foreach (var keys in way.Solution == "OAuth" ? new[] { "manual", "automatic" } : ["manual"])
                {
                    var setting = $"{size} keys={keys} waf=third-party";
                    var isManual = way.Solution == "OAuth" && keys == "manual";
                    yield return Figure(FigureName.Management, FigureName.SitesForTurn, way, isManual ? wafs + 1 : 1, setting);
                    yield return Figure(FigureName.Management, FigureName.SitesForWaf, way, isManual ? 21 : 0, setting);
                    yield return Figure(FigureName.Management, FigureName.KeysInstalled, way, isManual ? wafs * 20 : 24, setting);
                    yield return Figure(FigureName.Management, FigureName.KeysOutside, way, isManual ? wafs : 0, setting);
                    yield return Figure(FigureName.Management, FigureName.SecondsToAgree, way, 0.4 + (0.02 * wafs), setting)
                        with { Unit = "s" };
                }
        }
    }

    static IEnumerable<Figure> Lifetimes()
    {
        foreach (var way in Way.All)
            foreach (var feed in way.Solution is "A2" or "S0" ? new[] { "feed=off" } : ["feed=off", "feed=on"])
            {
                var isCut = way.Solution == "A2" || feed == "feed=on";
                foreach (var (subject, seconds) in new[] { (FigureName.ToRefusal, 0.012), (FigureName.ToCut, 0.046) })
                    yield return Figure(FigureName.Lifetime, subject, way, isCut ? seconds : null, feed) with
                    {
                        Unit = "s", Outcome = isCut ? "refused" : "not within 20 s",
                    };
            }
    }

    static IEnumerable<Figure> Thefts() => Way.All.SelectMany(way => new[]
    {
        Figure(FigureName.Theft, FigureName.TheftBytes, way, way.Solution == "A2" ? 4096 : 1_250_000) with { Unit = "bytes" },
        Figure(FigureName.Theft, FigureName.LeakIdentities, way, way.Solution is "A1" or "S0" ? 100_000 : 1),
        Figure(FigureName.Clocks, FigureName.SkewRelays, way, way.Solution is "OAuth" or "Combined" ? 0 : 1, "skew=60")
            with { AsExpected = true },
        Figure(FigureName.Restarts, FigureName.RestartToAllocate, way, 0.8, "entity=TURN") with { Unit = "s" },
    });

    static IEnumerable<Figure> Users() => new[] { 1000, 10_000, 100_000 }.SelectMany(users => Way.All.SelectMany(way => new[]
    {
        Figure(FigureName.Scale, FigureName.StateTurn, way, way == Way.A2Push ? 312 : 0.5, $"U={users}")
            with { By = "virtual time", Unit = "bytes" },
        Figure(FigureName.Scale, FigureName.Updates, way, way.Solution == "A2" ? users / 1800.0 : 0, $"U={users}")
            with { By = "virtual time" },
    }));

    static IEnumerable<Figure> DrillFigures() => Drills.Index().Select(one =>
        Figure(FigureName.Drills, FigureName.Drill(one.Index + 6, one.Item), Way.A1, null)
            with { Outcome = "refused", AsExpected = one.Index != 2 });

    static Figure Figure(string experiment, string subject, Way way, double? value, string setting = "") => new()
    {
        Experiment = experiment, Subject = subject, Solution = way.Solution, Variant = way.Variant, Value = value, Setting = setting,
        Outcome = "as it came",
    };
}
