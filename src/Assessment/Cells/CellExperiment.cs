using System.Collections.Concurrent;
using System.Collections.Immutable;
using Portunus.Assessment.Links;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Nodes;

namespace Portunus.Assessment.Cells;

/// <summary>Every solution in every scenario over every network, over real sockets.</summary>
public sealed class CellExperiment : IExperiment
{
    /// <summary>Callees are other users than callers.</summary>
    const int FirstCallee = 32;

    /// <summary>Of a callee.</summary>
    const int MostStarts = 5;

    /// <summary>A client that takes longer has failed: within it every retransmission of SIP and STUN has been tried.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public string Name => "solutions in scenarios over sockets";

    public int StepsOf(AssessmentPlan plan) => plan.Ways.Length * plan.Scenarios.Length * plan.Networks.Length;

    public async Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop)
    {
        // Three at a time: most of a client's time it waits, and two cores have room for its processing.
        var beside = new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = stop };
        await Parallel.ForEachAsync(plan.Ways, beside, async (way, token) =>
        {
            var left = plan.Scenarios.ToList();
            try
            {
                var model = new LinkModel(plan.Seed, plan.Networks[0]);
                await using var system = await StudySystem.StartAsync(
                    new() { Way = way, TemporaryFolder = plan.TemporaryFolder }, model, token);
                foreach (var scenario in plan.Scenarios)
                {
                    left.Remove(scenario);
                    await RunAsync(system, scenario, plan, draft, stepDone, token);
                }
            }
            catch (Exception failed) when (!token.IsCancellationRequested)
            {
                // A system that does not start, or end, takes no other with it.
                foreach (var cell in left.SelectMany(scenario => plan.Networks, (scenario, network) => (scenario, network)))
                {
                    draft.Add(Without(way, cell.scenario, cell.network, failed));
                    stepDone();
                }
            }
        });
    }

    static async Task RunAsync(
        StudySystem system, RegistrationScenario scenario, AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop)
    {
        var traffic = new Traffic(system, scenario, plan.CountingRuns);
        var left = plan.Networks.ToList();
        try
        {
            // Also the first run of all code on its way, which is slower than any after it.
            await CountAsync(system, scenario, traffic, stop);
            foreach (var network in plan.Networks)
            {
                var (samples, failures) = await MeasureAsync(system, scenario, network, plan, stop);
                draft.Add(Measured(system, scenario, network, samples, Came(failures, plan.Samples), traffic));
                left.Remove(network);
                stepDone();
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            foreach (var network in left)
            {
                draft.Add(Without(system.Way, scenario, network, e));
                stepDone();
            }
        }
    }

    static async Task CountAsync(StudySystem system, RegistrationScenario scenario, Traffic traffic, CancellationToken stop)
    {
        system.Model.Network = new(1, 0);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        await using var callee = await Callee.StartAsync(system, scenario, FirstCallee, patience.Token);
        await new ClientRun(system, scenario, user: 0).RunAsync(callee, patience.Token);
        await traffic.CountAsync(callee, patience.Token);
    }

    /// <summary>A few clients beside each other, each with a callee of its own. One that comes to nothing is counted, and its reason
    /// kept: with losses that is part of what a solution is.</summary>
    static async Task<(IReadOnlyCollection<Sample> Samples, IReadOnlyCollection<string> Failures)> MeasureAsync(
        StudySystem system, RegistrationScenario scenario, Network network, AssessmentPlan plan, CancellationToken stop)
    {
        system.Model.Network = network;
        var (samples, failures) = (new ConcurrentQueue<Sample>(), new ConcurrentQueue<string>());
        var left = plan.Samples;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(AssessmentPlan.LanesOver(network), plan.Samples)).Select(lane => Task.Run(
            async () =>
            {
                await using var callee = await StartCalleeAsync(system, scenario, FirstCallee + lane, stop);
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
                    patience.CancelAfter(Patience);
                    try
                    {
                        samples.Enqueue(await new ClientRun(system, scenario, lane).RunAsync(callee, patience.Token));
                    }
                    catch (RefusedException refused)
                    {
                        failures.Enqueue(refused.Message);
                    }
                    catch (OperationCanceledException) when (!stop.IsCancellationRequested)
                    {
                        failures.Enqueue($"No media within {Patience.TotalSeconds:0} s.");
                    }
                }
            },
            stop)));
        if (samples.IsEmpty) throw new RefusedException(Came(failures, plan.Samples)!);
        return (samples, failures);
    }

    /// <summary>It is to be there before it is called, whatever was lost on its way.</summary>
    static async Task<Callee> StartCalleeAsync(StudySystem system, RegistrationScenario scenario, int user, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
            try
            {
                return await Callee.StartAsync(system, scenario, user, stop);
            }
            catch (RefusedException) when (tries < MostStarts)
            {
                // Again.
            }
    }

    /// <summary>Who came to nothing is in no sample; the reader must know of it. Null for nobody.</summary>
    static string? Came(IReadOnlyCollection<string> failures, int clients)
    {
        if (failures.Count == 0) return null;
        var reasons = failures.CountBy(reason => reason).OrderByDescending(reason => reason.Value)
            .Select(reason => $"{reason.Value} times: {reason.Key}");
        return $"Of {clients} clients {failures.Count} came to nothing. {string.Join(' ', reasons)}";
    }

    static CellResult Measured(
        StudySystem system, RegistrationScenario scenario, Network network, IReadOnlyCollection<Sample> samples, string? reason,
        Traffic traffic) => new()
    {
        Solution = system.Way.Solution,
        Variant = system.Way.Variant,
        Scenario = scenario,
        Network = network,
        Status = CellStatus.Measured,
        Reason = reason,
        Metrics = MetricName.All.ToImmutableSortedDictionary(
            name => name, name => new Metric("ms", [.. samples.Select(sample => sample.Of(name))])),
        Registration = traffic.Counts.Registration,
        Call = traffic.Counts.Call,
        Steps = traffic.Steps,
        Keys = system.SharedKeys,
    };

    /// <summary>A refusal that is the solution's own nature is a result; anything else is a failure.</summary>
    static CellResult Without(Way way, RegistrationScenario scenario, Network network, Exception why) => new()
    {
        Solution = way.Solution,
        Variant = way.Variant,
        Scenario = scenario,
        Network = network,
        Status = why is RefusedException && IsRefusedByDesign(way, scenario) ? CellStatus.Impossible : CellStatus.Failed,
        Reason = why.Message,
    };

    /// <summary>The cells that the study itself says cannot be; here the system is asked all the same, and must refuse.</summary>
    static bool IsRefusedByDesign(Way way, RegistrationScenario scenario) =>
        (way.Solution == "OAuth" && scenario == RegistrationScenario.S1) || (way.Solution == "S0" && scenario != RegistrationScenario.S1);
}
