using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;

namespace Portunus.Assessment.Security;

/// <summary>
/// What a user notices of everything that ends by its time: how often a password is asked for, and how many calls fail, while access
/// tokens, registrations and TURN credentials are renewed. Access tokens are made short for it; TURN credentials are renewed
/// for each call, which is what a client does when one is about to end.
/// </summary>
public sealed class PromptsExperiment : IExperiment
{
    /// <summary>Nothing is timed, and nearly all of the time nothing happens.</summary>
    const int Lanes = 8;

    static readonly Network Near = new(1, 0);

    public string Name => "prompts";

    public bool MostlyWaits => true;

    public int StepsOf(AssessmentPlan plan) => TriedWay.Of(plan).Count;

    public Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop) => SideBySide.RunAsync(
        Name, TriedWay.Of(plan), Lanes, (way, token) => TryAsync(way, plan, draft, token), draft, stepDone, stop);

    static async Task TryAsync(TriedWay tried, AssessmentPlan plan, Draft draft, CancellationToken stop)
    {
        // Each token is renewed at half of its life: two times, and once more when the first would have ended.
        var lifetime = plan.Watch * 3;
        await using var system = await StudySystem.StartAsync(
            new() { Way = tried.Way, AccessTokenLifetime = lifetime, TemporaryFolder = plan.TemporaryFolder, Users = 4, Guests = 1 },
            new(plan.Seed, Near), stop);
        var seen = await Renewals.SeeAsync(system, lifetime * 1.6, stop);
        var held = $"access tokens: {seen.Tokens}, TURN credentials: {seen.Credentials} (asked for in vain: {seen.Withheld}), "
            + $"calls: {seen.Calls}";
        Add(FigureName.PromptsAtSignIn, seen.AtSignIn, "passwords that a person gave");
        Add(FigureName.PromptsAfter, seen.After, held);
        Add(FigureName.CallsFailed, seen.Failed, held);

        void Add(string subject, int count, string outcome) => draft.Add(new Figure
        {
            Experiment = FigureName.Prompts, Subject = subject, Solution = tried.Way.Solution, Variant = tried.Variant,
            Scenario = seen.Scenario,
            Setting = seen.Tokens == 0 ? "" : FormattableString.Invariant($"token={lifetime.TotalSeconds:0}s"), Value = count,
            Outcome = outcome,
        });
    }
}
