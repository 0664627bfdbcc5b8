using Portunus.Assessment.Links;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;

namespace Portunus.Assessment.Security;

/// <summary>Each entity restarts in mid-call: whether the relay lives on, and how long until the user has another one.</summary>
public sealed class RestartExperiment : IExperiment
{
    const int Number = 14;

    static readonly Way[] Thorough = [Way.S0, Way.OAuthWarm, Way.A1, Way.A2Push, Way.A2Pull, Way.A2Integrated, Way.Combined];
    static readonly Way[] Short = [Way.A1, Way.A2Push];

    public string Name => "restarts";

    public bool MostlyWaits => true;

    public int StepsOf(AssessmentPlan plan) => WaysOf(plan).Length * EntitiesOf(plan).Length;

    public async Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop)
    {
        // Of a TURN server, which is all that a quick run restarts, the neighbours hear at once.
        var settling = TimeSpan.FromSeconds(plan.IsThorough ? 3 : 1);
        // Beside each other: most of the time is waiting for what an entity tells its neighbours when it has begun.
        await Parallel.ForEachAsync(
            WaysOf(plan), new ParallelOptions { MaxDegreeOfParallelism = DrillsExperiment.MostAtOnce, CancellationToken = stop },
            async (way, _) =>
            {
                await using var system = await StudySystem.StartAsync(
                    new() { Way = way, TemporaryFolder = plan.TemporaryFolder },
                    new LinkModel(plan.Seed, DrillsExperiment.Near), stop);
                var site = new DrillSite(system);
                foreach (var entity in EntitiesOf(plan))
                {
                    await TryAsync(new(site, entity, settling), site, entity, draft, stop);
                    stepDone();
                }
            });
    }

    static async Task TryAsync(RestartTrial trial, DrillSite site, string entity, Draft draft, CancellationToken stop)
    {
        try
        {
            var (keeps, seconds, how) = await trial.RunAsync(stop);
            var relay = keeps ? "a packet gets through" : "no packet gets through any more";
            draft.Add(Figure(site.Way, entity, FigureName.RestartKeepsRelay) with { Value = keeps ? 1 : 0, Outcome = relay });
            draft.Add(Figure(site.Way, entity, FigureName.RestartToAllocate) with { Value = seconds, Unit = "s", Outcome = how });
            if (entity == Entity.Turn)
                draft.Add(Drill.Figure(
                    site.Way, Number,
                    new($"{relay}; a new Allocate succeeds {how}", !keeps && seconds is not null) { Value = seconds, Unit = "s" }));
        }
        catch (Exception failed) when (!stop.IsCancellationRequested)
        {
            draft.Miss($"Restart of {entity}, {site.Way}: could not be tried: {failed.Message}");
        }
    }

    static Figure Figure(Way way, string entity, string subject) => new()
    {
        Experiment = FigureName.Restarts,
        Subject = subject,
        Solution = way.Solution,
        Variant = way.Variant,
        Setting = $"entity={entity}",
        Outcome = "",
    };

    static Way[] WaysOf(AssessmentPlan plan) => [.. plan.Among(plan.IsThorough ? Thorough : Short)];

    // The core last: it forgets who is registered.
    static string[] EntitiesOf(AssessmentPlan plan) =>
        plan.IsThorough ? [Entity.Turn, Entity.Waf, Entity.Edge, Entity.Core] : [Entity.Turn];
}
