using Portunus.Assessment.Links;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;

namespace Portunus.Assessment.Security;

/// <summary>
/// How long a user whose registration ended can relay: with a new Allocate, and with a relay that runs. Whoever ends it; with the
/// revocation feed and without.
/// </summary>
public sealed class LifetimeExperiment : IExperiment
{
    /// <summary>Not more: what is timed would wait for a core.</summary>
    const int Lanes = 3;

    /// <summary>Where the end must come it is waited for longer, since the machine may have much else to do.</summary>
    static readonly TimeSpan Certain = TimeSpan.FromSeconds(20);

    static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);
    static readonly Network Near = new(1, 0);

    public string Name => "from the end of a registration to the end of its relay";

    public bool MostlyWaits => true;

    public int StepsOf(AssessmentPlan plan) => TriedOf(plan).Length;

    public Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop) => SideBySide.RunAsync(
        Name, TriedOf(plan), Lanes, (way, token) => TryAsync(way, plan, draft, token), draft, stepDone, stop);

    static TriedWay[] TriedOf(AssessmentPlan plan) => [.. TriedWay.Of(plan), .. TriedWay.FedOf(plan)];

    static async Task TryAsync(TriedWay tried, AssessmentPlan plan, Draft draft, CancellationToken stop)
    {
        await using var system = await StudySystem.StartAsync(
            new() { Way = tried.Way, HasFeed = tried.HasFeed, Grace = Grace, TemporaryFolder = plan.TemporaryFolder },
            new(plan.Seed, Near), stop);
        var ends = tried.Ends(plan);
        // Users of one system do not see each other's ends. In the order of the ends: who looks for one figure takes the first.
        var seen = await Task.WhenAll(ends.Select((end, user) => Task.Run(
            () => RelayEnd.SeeAsync(system, end, user, tried.IsTold(end) ? Certain : plan.Watch, stop), stop)));
        foreach (var (end, one) in ends.Zip(seen))
        {
            draft.Add(FigureOf(tried, end, one, FigureName.ToRefusal, one.ToRefusal, "refused"));
            draft.Add(FigureOf(tried, end, one, FigureName.ToCut, one.ToCut, "cut"));
        }
    }

    static Figure FigureOf(TriedWay tried, RegistrationEnd end, RelayEnd seen, string subject, TimeSpan? after, string word) => new()
    {
        Experiment = FigureName.Lifetime,
        Subject = subject,
        Solution = tried.Way.Solution,
        Variant = tried.Variant,
        Scenario = seen.Scenario,
        Setting = $"{tried.Setting} end={end.ToString().ToLowerInvariant()}",
        Value = after is { } time ? Math.Round(time.TotalSeconds, 4) : null,
        Unit = "s",
        Outcome = after is null ? seen.RelaysOn
            : end == RegistrationEnd.Loss ? FormattableString.Invariant($"{word}, after the grace of {Grace.TotalSeconds:0.#} s") : word,
        AsExpected = after is not null == tried.IsTold(end),
    };
}
