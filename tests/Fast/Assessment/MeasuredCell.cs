using System.Collections.Immutable;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>A cell as sockets would give it, of programs that take no time, or as much as is said.</summary>
static class MeasuredCell
{
    public static readonly Network Bare = new(20, 0);

    /// <summary>Of a network of 20 ms, by the round trips of each phase.</summary>
    public static CellResult Of(
        Way way, RegistrationScenario scenario, double registered, double candidate, double media, params ReadOnlySpan<double> service)
    {
        double[] added = service.Length == 0 ? [0] : [.. service];
        return new()
        {
            Solution = way.Solution,
            Variant = way.Variant,
            Scenario = scenario,
            Network = Bare,
            Status = CellStatus.Measured,
            Metrics = new Dictionary<string, Metric>
            {
                [MetricName.Registered] = Metric(registered),
                [MetricName.Candidate] = Metric(candidate),
                [MetricName.Invite] = Metric(candidate),
                [MetricName.Media] = Metric(media),
            }.ToImmutableSortedDictionary(),
            Steps =
            [
                Step("discover", LinkName.Waf, connections: 1, questions: 1), Step("login", LinkName.Waf, 0, 3),
                Step("token", LinkName.Waf, 0, 1), Step("connect", LinkName.W2, 1, 1),
                Step("turn-token", LinkName.Waf, way == Way.OAuthCold ? 1 : 0, 1),
            ],
        };

        Metric Metric(double roundTrips) => new("ms", [.. added.Select(one => (roundTrips * Bare.RttMs) + one)]);
    }

    /// <summary>S1, which has no WAF: TCP, TLS, the upgrade, two REGISTERs, and on Mw the same two.</summary>
    public static CellResult A1(params ReadOnlySpan<double> service)
    {
        var cell = Of(Way.A1, RegistrationScenario.S1, 7, 2, 11, service);
        return cell with { Steps = [.. cell.Steps.Where(step => step.Link == LinkName.W2)] };
    }

    public static AssessmentResult Result(params ImmutableArray<CellResult> cells) => ExampleResult.Make() with { Cells = cells };

    public static StepCount Step(string step, string link, int connections, int questions) => new()
    {
        Step = step, Link = link, Connections = connections, TlsRoundTrips = connections, HandshakeBytes = connections * 910,
        RoundTrips = questions, BytesUp = questions * 700, BytesDown = questions * 900,
    };
}
