using Portunus.Assessment.Links;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;

namespace Portunus.Assessment.Security;

/// <summary>
/// The attacks and mishaps of docs/study.md, tried against the running system of each solution where there is something to try. Those
/// that need a restart, a rotation or other clocks are told by the experiments of these names.
/// </summary>
public sealed class DrillsExperiment : IExperiment
{
    internal static readonly Network Near = new(1, 0);

    /// <summary>Systems that run at a time.</summary>
    internal const int MostAtOnce = 4;

    /// <summary>A drill that takes longer has hung.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    static readonly Way[] Thorough = [Way.S0, Way.OAuthWarm, Way.A1, Way.A2Push, Way.A2Pull, Way.A2Integrated, Way.Combined];
    static readonly Way[] Short = [Way.OAuthWarm, Way.A1, Way.A2Push, Way.Combined];
    static readonly Way[] Fed = [Way.OAuthWarm, Way.A1, Way.Combined];
    static readonly Way[] Stormed = [Way.A1, Way.Combined];

    static readonly Drill[] All =
    [
        .. SignallingDrills.All, .. RelayDrills.All, .. TokenDrills.All, .. PushDrills.All,
        // These leave a system behind that is another.
        TokenDrills.OtherKid, SignallingDrills.SlippedIn,
    ];

    public string Name => "drills";

    public bool MostlyWaits => true;

    public int StepsOf(AssessmentPlan plan) => WaysOf(plan).Length + StormsOf(plan).Length + FedOf(plan).Length;

    public Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop)
    {
        IEnumerable<Func<Task>> systems =
        [
            .. WaysOf(plan).Select<Way, Func<Task>>(way => () => RunAsync(plan, way, hasFeed: false, All, draft, stop)),
            .. FedOf(plan).Select<Way, Func<Task>>(way => () => RunAsync(plan, way, hasFeed: true, RelayDrills.WithFeed, draft, stop)),
            .. StormsOf(plan).Select<Way, Func<Task>>(way => () => StormDrill.RunAsync(plan, way, draft, stop)),
        ];
        // Beside each other: most of the time is waiting, and how long something takes is not what is asked.
        return Parallel.ForEachAsync(
            systems, new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = stop },
            async (runAsync, _) =>
            {
                await runAsync();
                stepDone();
            });
    }

    static async Task RunAsync(
        AssessmentPlan plan, Way way, bool hasFeed, IEnumerable<Drill> drills, Draft draft, CancellationToken stop)
    {
        await using var system = await StartAsync(plan, way, hasFeed, stop);
        await TryAsync(system, drills, draft, stop);
    }

    /// <summary>Tries some drills where they concern the system, one after the other.</summary>
    internal static async Task TryAsync(StudySystem system, IEnumerable<Drill> drills, Draft draft, CancellationToken stop)
    {
        var site = new DrillSite(system);
        foreach (var drill in drills.Where(one => one.Concerns(system.Way)))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(Patience);
            try
            {
                draft.Add(Drill.Figure(system.Way, drill.Number, await drill.TryAsync(site, patience.Token), drill.Setting));
            }
            catch (Exception failed) when (!stop.IsCancellationRequested)
            {
                var setting = drill.Setting.Length > 0 ? $" ({drill.Setting})" : "";
                draft.Miss($"{Drill.Subject(drill.Number)}{setting}, {system.Way}: could not be tried: {failed.Message}");
            }
        }
    }

    /// <summary>A system in which every drill has what it needs.</summary>
    internal static Task<StudySystem> StartAsync(AssessmentPlan plan, Way way, bool hasFeed, CancellationToken stop) =>
        StudySystem.StartAsync(
            new()
            {
                Way = way, HasFeed = hasFeed, TemporaryFolder = plan.TemporaryFolder, HasPlainW2 = true, Guests = 12, BelievedGuests = 6,
                UserOfAnotherWaf = SignallingDrills.UserOfAnotherWaf,
            },
            new LinkModel(plan.Seed, Near), stop);

    static Way[] WaysOf(AssessmentPlan plan) => [.. plan.Among(plan.IsThorough ? Thorough : Short)];

    static Way[] FedOf(AssessmentPlan plan) => [.. plan.Among(plan.IsThorough ? Fed : [])];

    static Way[] StormsOf(AssessmentPlan plan) => [.. plan.Among(plan.IsThorough ? Stormed : [Way.A1])];
}
