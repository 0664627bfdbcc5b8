using Portunus.Assessment.Report;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Virtual;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>Cells in virtual time, of programs that take no time: what is left is round trips, and what losses cost.</summary>
public sealed class VirtualCellTests
{
    const double Rtt = 40;

    [Theory]
    // Registered: W2 with TCP, TLS and upgrade 3, REGISTERs 2 on W2 and 2 on Mw. In S2 the WAF takes 2 + 1 + 3 + 1, and the vouched
    // REGISTER one of each. A push takes one more.
    [InlineData("A1", "-", RegistrationScenario.S1, 7, 2)]
    [InlineData("S0", "-", RegistrationScenario.S1, 7, 2)]
    [InlineData("A2", "push", RegistrationScenario.S1, 8, 2)]
    [InlineData("A2", "integrated", RegistrationScenario.S1, 8, 2)]
    [InlineData("A2", "pull", RegistrationScenario.S1, 7, 3)]
    [InlineData("Combined", "-", RegistrationScenario.S1, 7, 2)]
    [InlineData("A1", "-", RegistrationScenario.S2, 12, 2)]
    [InlineData("Combined", "-", RegistrationScenario.S3, 12, 2)]
    // The 401; TCP, TLS and the question to the WAF; the Allocate.
    [InlineData("OAuth", "cold", RegistrationScenario.S2, 12, 1 + 3 + 1)]
    [InlineData("OAuth", "warm", RegistrationScenario.S2, 12, 1 + 1 + 1)]
    [InlineData("OAuth", "prefetched", RegistrationScenario.S2, 12, 2)]
    public void Without_losses_and_service_times_a_phase_takes_its_round_trips(
        string solution, string variant, RegistrationScenario scenario, int registered, int candidate)
    {
        var cell = Run(Calibrated(new(solution, variant), scenario), Rtt, loss: 0, samples: 1);
        // The INVITE and its answer cross W2, Mw, Mw and W2; the callee allocates and binds, the caller binds, and a packet goes.
        var media = candidate + 2 + 3 + 2 + 1 + 1;
        Assert.Equal(CellStatus.Modelled, cell.Status);
        Assert.Null(cell.Reason);
        Assert.Equal(
            (registered * Rtt, candidate * Rtt, candidate * Rtt, media * Rtt),
            (P50(cell, MetricName.Registered), P50(cell, MetricName.Candidate), P50(cell, MetricName.Invite), P50(cell, MetricName.Media)));
    }

    [Fact]
    public void What_a_site_asks_of_its_WAF_before_it_lends_an_identity_is_waited_for()
    {
        var cell = MeasuredCell.A1() with { Scenario = RegistrationScenario.S3 };
        var steps = cell.Steps;
        cell = cell with
        {
            Steps =
            [
                MeasuredCell.Step("lease", LinkName.W1, connections: 1, questions: 1),
                MeasuredCell.Step("lease", LinkName.Site, connections: 0, questions: 2),
                .. steps,
            ],
        };
        // TCP, TLS and the question on W1, two behind it, W2 with its three, and one REGISTER on W2 and Mw.
        Assert.Equal((3 + 2 + 3 + 2) * Rtt, P50(Run(Calibrated(cell), Rtt, loss: 0, samples: 1), MetricName.Registered));
    }

    [Fact]
    public void The_same_seed_gives_the_same_cell_to_the_byte_and_another_seed_another()
    {
        var calibration = Calibrated(MeasuredCell.A1(3, 5, 9));
        Assert.Equal(Json(1), Json(1));
        Assert.NotEqual(Json(1), Json(2));

        string Json(ulong seed) => AssessmentJson.Write(MeasuredCell.Result(
            new VirtualCell(calibration, new(50, 0.03), seed).Run(60, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Service_times_are_those_that_were_measured_in_turn()
    {
        var cell = Run(Calibrated(MeasuredCell.A1(3, 5, 90)), Rtt, loss: 0, samples: 150);
        double[] possible = [(7 * Rtt) + 3, (7 * Rtt) + 5, (7 * Rtt) + 90];
        Assert.Equal(possible, cell.Metrics[MetricName.Registered].Samples.Distinct().Order());
        Assert.Equal(150, cell.Metrics[MetricName.Registered].N);
    }

    [Fact]
    public void Losses_leave_the_median_of_few_segments_and_raise_the_p99_by_the_RTO()
    {
        var cell = Run(Calibrated(MeasuredCell.A1()), Rtt, loss: 0.01, samples: 400);
        Assert.Equal(7 * Rtt, P50(cell, MetricName.Registered));
        // Ten segments of W2: of a hundred clients ten lose one, which costs a second.
        Assert.InRange(cell.Metrics[MetricName.Registered].P99!.Value, (7 * Rtt) + 1000, (7 * Rtt) + 4000);
        Assert.Equal(2 * Rtt, P50(cell, MetricName.Candidate));
        // Four datagrams: of a hundred clients four send one again after half a second (RFC 8489 §6.2.1).
        Assert.InRange(cell.Metrics[MetricName.Candidate].P99!.Value, (2 * Rtt) + 500, (2 * Rtt) + 1500);
    }

    [Fact]
    public void Of_many_samples_quantiles_are_kept_and_say_of_how_many()
    {
        var metric = Run(Calibrated(MeasuredCell.A1(3, 5, 90)), Rtt, loss: 0, samples: 1000).Metrics[MetricName.Registered];
        Assert.Equal((1000, 1000, 200), (metric.N, metric.Of, metric.Samples.Length));
        Assert.Equal(((7 * Rtt) + 5, (7 * Rtt) + 90), (metric.P50, metric.P99));
    }

    [Fact]
    public void Who_loses_nothing_is_not_run_and_of_the_others_at_most_three_in_ten_and_a_hundred_at_least()
    {
        var calibration = Calibrated(MeasuredCell.A1(3, 5, 90));
        Assert.Equal(3, Run(calibration, Rtt, loss: 0, samples: 1000).Runs);
        Assert.Equal(3 + 150, Run(calibration, Rtt, loss: 0.03, samples: 500).Runs);
        Assert.InRange(Run(calibration, Rtt, loss: 0.01, samples: 60).Runs!.Value, 3 + 10, 3 + 50);
    }

    static double P50(CellResult cell, string metric) => cell.Metrics[metric].P50!.Value;

    static Calibration Calibrated(Way way, RegistrationScenario scenario) => Calibrated(
        scenario == RegistrationScenario.S1
            ? MeasuredCell.A1() with { Solution = way.Solution, Variant = way.Variant }
            : MeasuredCell.Of(way, scenario, 0, 0, 0));

    static Calibration Calibrated(CellResult cell) => Calibration.Of(MeasuredCell.Result(cell), cell.Way, cell.Scenario)!;

    static CellResult Run(Calibration calibration, double rtt, double loss, int samples) =>
        new VirtualCell(calibration, new(rtt, loss), seed: 7).Run(samples, TestContext.Current.CancellationToken);
}
