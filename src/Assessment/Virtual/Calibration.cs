using System.Collections.Immutable;
using Portunus.Assessment.Cells;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Virtual;

/// <summary>What virtual time takes from sockets for one solution in one scenario: of the network with the least loss and delay.</summary>
sealed class Calibration
{
    Calibration(CellResult cell, MeasuredSteps steps, ImmutableArray<ServiceTimes> services) =>
        (Cell, Steps, Services) = (cell, steps, services);

    /// <summary>Over sockets.</summary>
    public CellResult Cell { get; }

    public MeasuredSteps Steps { get; }

    /// <summary>Of each client that was measured.</summary>
    public ImmutableArray<ServiceTimes> Services { get; }

    /// <summary>Null when nothing was measured of it. The service times are what is left of a client's phases when the same network
    /// in virtual time, whose programs take no time, is taken away.</summary>
    public static Calibration? Of(AssessmentResult result, Way way, RegistrationScenario scenario)
    {
        var cell = result.Cells
            .Where(one => one.Way == way && one.Scenario == scenario && one.Status == CellStatus.Measured
                && one.Metrics.Values.All(metric => metric.N > 0))
            .OrderBy(one => one.Network.Loss).ThenBy(one => one.Network.RttMs).FirstOrDefault();
        if (cell is null) return null;
        var steps = new MeasuredSteps(cell.Steps);
        using var world = new VirtualWorld(way, scenario, cell.Network with { Loss = 0 }, steps, [default], seed: 0);
        var bare = world.Run()[0].Sample ?? throw new InvalidOperationException("A client without losses came to nothing.");
        return new(cell, steps, [.. Enumerable.Range(0, cell.Metrics[MetricName.Media].N).Select(i => Left(cell, i, bare))]);
    }

    /// <summary>As they stand in the report.</summary>
    public IEnumerable<Figure> Figures()
    {
        (string Subject, Func<ServiceTimes, TimeSpan> Of)[] phases =
        [
            ("service time until registered", one => one.Registered),
            ("service time from the click to the candidate", one => one.Candidate),
            ("service time from the candidate to the INVITE", one => one.Invite),
            ("service time from the INVITE to media", one => one.Media),
        ];
        foreach (var (subject, of) in phases)
            yield return Figure(subject, Median(of), "ms", "Taken from sockets into virtual time; the median.");
        (string Subject, int RoundTrips)[] counted =
        [
            ("round trips of a sign-in before the WebSocket", Steps.SignIn.Length),
            ("round trips of a connection of W2 after TCP", Steps.Connect.Length),
            ("round trips of a TURN token", Steps.TurnToken.Length),
        ];
        foreach (var (subject, roundTrips) in counted)
            yield return Figure(subject, roundTrips, "", "Counted over sockets, TCP and TLS among them; modelled in virtual time.");
    }

    double Median(Func<ServiceTimes, TimeSpan> of) =>
        Math.Round(new Metric("ms", [.. Services.Select(one => of(one).TotalMilliseconds)]).P50!.Value, 2);

    Figure Figure(string subject, double value, string unit, string outcome) => new()
    {
        Experiment = "calibration",
        Subject = subject,
        Solution = Cell.Solution,
        Variant = Cell.Variant,
        Scenario = Cell.Scenario,
        Setting = FormattableString.Invariant($"rtt={Cell.Network.RttMs} loss={Cell.Network.Loss}"),
        Value = value,
        Unit = unit,
        Outcome = outcome,
    };

    static ServiceTimes Left(CellResult cell, int i, Sample bare)
    {
        return new(
            Rest(0, MetricName.Registered), Rest(0, MetricName.Candidate), Rest(Of(MetricName.Candidate), MetricName.Invite),
            Rest(Of(MetricName.Invite), MetricName.Media));

        double Of(string name) => cell.Metrics[name].Samples[i] - bare.Of(name);

        // No program takes less than no time: a sample below the bare network is the clock's error.
        TimeSpan Rest(double before, string name) => TimeSpan.FromMilliseconds(Math.Max(0, Of(name) - Math.Max(0, before)));
    }
}
