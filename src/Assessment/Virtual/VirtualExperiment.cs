using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Virtual;

/// <summary>
/// The cells once more, in virtual time: SIP, TURN and credentials as they are, HTTPS by its round trips, bytes and service times
/// over sockets (docs/networks.md).
/// </summary>
public sealed class VirtualExperiment : IExperiment
{
    public string Name => "solutions in scenarios in virtual time";

    public int StepsOf(AssessmentPlan plan) => plan.Ways.Length * plan.Scenarios.Length * plan.VirtualNetworks.Length;

    public Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop) =>
        Task.Run(() => Run(plan, draft, stepDone, stop), stop);

    /// <summary>As <see cref="RunAsync"/>, on this thread.</summary>
    internal static void Run(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop)
    {
        foreach (var way in plan.Ways)
            foreach (var scenario in plan.Scenarios) Run(way, scenario, plan, draft, stepDone, stop);
    }

    static void Run(Way way, RegistrationScenario scenario, AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop)
    {
        var calibration = Calibration.Of(draft.Result, way, scenario);
        if (calibration is null) Leave(way, scenario, plan, draft);
        else foreach (var figure in calibration.Figures()) draft.Add(figure);
        foreach (var network in plan.VirtualNetworks)
        {
            stop.ThrowIfCancellationRequested();
            if (calibration is not null)
            {
                var cell = new VirtualCell(calibration, network, plan.Seed).Run(plan.VirtualSamples, stop);
                draft.Add(cell);
                Compare(cell, calibration, draft);
            }

            stepDone();
        }
    }

    /// <summary>What the system refuses over sockets it refuses; what was not measured cannot be modelled.</summary>
    static void Leave(Way way, RegistrationScenario scenario, AssessmentPlan plan, Draft draft)
    {
        var cells = draft.Result.Cells.Where(cell => cell.Way == way && cell.Scenario == scenario).ToArray();
        if (cells.FirstOrDefault(cell => cell.Status == CellStatus.Impossible) is { } refused)
        {
            foreach (var network in plan.VirtualNetworks.Where(one => cells.All(cell => !IsSame(cell.Network, one))))
                draft.Add(refused with { Network = network });
            return;
        }

        var why = cells.FirstOrDefault(cell => cell.Reason is not null)?.Reason ?? "no cell of it was measured";
        draft.Miss($"{way} in {scenario} is not modelled in virtual time, which takes its service times from sockets: {why}");
    }

    static void Compare(CellResult cell, Calibration calibration, Draft draft)
    {
        var measured = draft.Result.Cells.FirstOrDefault(other =>
            other.Status == CellStatus.Measured && other.Way == cell.Way && other.Scenario == cell.Scenario
            && IsSame(other.Network, cell.Network));
        if (measured is null) return;
        foreach (var name in MetricName.All)
            if (measured.Metrics.GetValueOrDefault(name) is { P50: { } sockets } metric && cell.Metrics[name].P50 is { } modelled)
            {
                var (low, high) = MedianInterval.Of(metric.Samples);
                draft.Add(new Agreement($"{cell.Way}, {cell.Scenario}, {cell.Network}", name, sockets, modelled)
                {
                    IsCalibration = ReferenceEquals(measured, calibration.Cell), SocketsLow = low, SocketsHigh = high,
                });
            }
    }

    /// <summary>By value: a record compares its table of links by reference.</summary>
    static bool IsSame(Network one, Network other) =>
        one.RttMs.Equals(other.RttMs) && one.Loss.Equals(other.Loss) && one.Links.SequenceEqual(other.Links);
}
