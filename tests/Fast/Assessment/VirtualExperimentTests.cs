using System.Collections.Immutable;
using Portunus.Assessment;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Virtual;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>What the run in virtual time says of its agreement with sockets, and of what it cannot say.</summary>
public sealed class VirtualExperimentTests
{
    static readonly AssessmentPlan Plan =
        AssessmentPlan.Quick with { VirtualNetworks = [MeasuredCell.Bare, new(50, 0)], VirtualSamples = 3 };

    [Fact]
    public void A_cell_that_is_calibrated_agrees_with_itself_and_says_so()
    {
        var result = Run(MeasuredCell.A1(3, 5, 9));
        Assert.Equal(MetricName.All, result.Agreements.Select(one => one.Metric));
        Assert.All(result.Agreements, one => Assert.True(one.Holds && one.IsCalibration));
        Assert.Equal(5, result.Figures.Single(one => one is { Experiment: "calibration", Subject: "service time until registered" }).Value);
    }

    [Fact]
    public void A_median_that_differs_by_more_than_the_bound_is_listed_as_outside()
    {
        var other = MeasuredCell.A1() with { Network = new(50, 0) };
        var apart = other with
        {
            Metrics = other.Metrics.ToImmutableSortedDictionary(
                pair => pair.Key, _ => new Metric("ms", [.. Enumerable.Range(0, 30).Select(i => 1000.0 + i)])),
        };
        var result = Run(MeasuredCell.A1(), apart);
        var outside = result.Agreements.Where(one => !one.Holds).ToArray();
        Assert.Equal(MetricName.All, outside.Select(one => one.Metric));
        Assert.All(outside, one => Assert.False(one.IsCalibration || one.MayBeChance));
        Assert.Equal(("A1, S1, 50 ms, 0 %", 1014, 350), (outside[0].Cell, outside[0].Sockets, outside[0].Virtual));
    }

    [Fact]
    public void What_the_system_refuses_is_refused_in_every_network_and_what_failed_is_missing()
    {
        var refused = MeasuredCell.A1() with
        {
            Solution = "S0", Scenario = RegistrationScenario.S2, Status = CellStatus.Impossible, Reason = "It says why.",
        };
        var failed = MeasuredCell.A1() with { Solution = "Combined", Status = CellStatus.Failed, Reason = "It broke." };
        var result = Run(refused, failed);
        Assert.Equal(
            [(MeasuredCell.Bare.RttMs, "It says why."), (50.0, "It says why.")],
            result.Cells.Where(cell => cell.Status == CellStatus.Impossible).Select(cell => (cell.Network.RttMs, cell.Reason!)));
        Assert.DoesNotContain(result.Cells, cell => cell.Status == CellStatus.Modelled);
        Assert.Contains(result.Missing, sentence => sentence.StartsWith("Combined in S1 ") && sentence.EndsWith("It broke."));
    }

    [Fact]
    public void The_median_of_thirty_lies_between_the_tenth_and_the_twenty_first_with_95_percent() =>
        Assert.Equal((10.0, 21.0), MedianInterval.Of([.. Enumerable.Range(1, 30).Select(i => (double)i)]));

    [Fact]
    public void Of_five_samples_nothing_can_be_said() => Assert.Equal((null, null), MedianInterval.Of([1, 2, 3, 4, 5]));

    static AssessmentResult Run(params CellResult[] cells)
    {
        var draft = new Draft(MeasuredCell.Result([.. cells]) with { Figures = [] });
        VirtualExperiment.Run(Plan, draft, () => { }, TestContext.Current.CancellationToken);
        return draft.Result;
    }
}
