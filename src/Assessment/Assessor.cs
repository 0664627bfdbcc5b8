using System.Diagnostics;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Verdicts;

namespace Portunus.Assessment;

/// <summary>Runs experiments one after the other. One that fails is said to be missing, and the others go on.</summary>
/// <param name="experiments">In their order.</param>
/// <param name="tell">Is told how far the run is.</param>
public sealed class Assessor(IReadOnlyList<IExperiment> experiments, Action<Progress> tell)
{
    /// <summary>Ends early, without an exception, when it is told to stop.</summary>
    public async Task<AssessmentResult> RunAsync(AssessmentPlan plan, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var draft = new Draft(new()
        {
            Machine = MachineReader.Read(), Seed = plan.Seed, Mode = plan.Mode, Began = DateTimeOffset.UtcNow,
        });
        LeaveOut(plan, draft);
        foreach (var group in Groups(plan))
            await Task.WhenAll(group.Select(experiment => Task.Run(() => RunAsync(experiment, plan, draft, stop), CancellationToken.None)));

        var scored = Scorecard.Score(InOrder(draft.Result) with { Seconds = Stopwatch.GetElapsedTime(began).TotalSeconds });
        return scored with { Claims = Claims.Judge(scored) };
    }

    static void LeaveOut(AssessmentPlan plan, Draft draft)
    {
        foreach (var way in Way.All.Except(plan.Ways)) draft.LeaveOut($"{way}: not among the solutions of this run.");
        foreach (var scenario in Enum.GetValues<RegistrationScenario>().Except(plan.Scenarios))
            draft.LeaveOut($"{scenario}: not among the scenarios of this run.");
    }

    /// <summary>One after the other, but for neighbours that mostly wait where the plan allows it.</summary>
    List<List<IExperiment>> Groups(AssessmentPlan plan)
    {
        List<List<IExperiment>> groups = [];
        foreach (var experiment in experiments)
            if (plan.RunsBeside && experiment.MostlyWaits && groups.Count > 0 && groups[^1][0].MostlyWaits) groups[^1].Add(experiment);
            else groups.Add([experiment]);
        return groups;
    }

    /// <summary>Solutions are looked at beside each other, and come as they end.</summary>
    static AssessmentResult InOrder(AssessmentResult result) => result with
    {
        Cells =
        [
            .. result.Cells.OrderBy(cell => cell.Status == CellStatus.Modelled).ThenBy(cell => Place(cell.Way))
                .ThenBy(cell => cell.Scenario).ThenBy(cell => cell.Network.RttMs).ThenBy(cell => cell.Network.Loss),
        ],
        Architecture = [.. result.Architecture.OrderBy(one => one.HasFeed).ThenBy(one => Place(new(one.Solution, one.Variant)))],
    };

    static int Place(Way way)
    {
        for (var i = 0; i < Way.All.Count; i++)
            if (Way.All[i] == way) return i;
        return Way.All.Count;
    }

    async Task RunAsync(IExperiment experiment, AssessmentPlan plan, Draft draft, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            draft.Miss($"{experiment.Name}: not begun, the run was interrupted.");
            return;
        }

        var (steps, done) = (experiment.StepsOf(plan), 0);
        tell(new(experiment.Name, 0, steps));
        try
        {
            await experiment.RunAsync(
                plan, draft, () => tell(new(experiment.Name, Interlocked.Increment(ref done), steps)), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            draft.Miss($"{experiment.Name}: interrupted after {done} of {steps} steps.");
        }
        catch (Exception failed)
        {
            draft.Miss($"{experiment.Name}: failed after {done} of {steps} steps: {failed.Message}");
        }

        tell(new(experiment.Name, Volatile.Read(ref done), steps, IsOver: true));
    }
}

/// <summary>How far an experiment is.</summary>
/// <param name="Experiment">Its name.</param>
/// <param name="Done">Steps that are behind it; told with 0 when it begins.</param>
/// <param name="Steps">All.</param>
/// <param name="IsOver">Told once, when it has ended: with fewer steps than all where it failed or was interrupted.</param>
public sealed record Progress(string Experiment, int Done, int Steps, bool IsOver = false);
