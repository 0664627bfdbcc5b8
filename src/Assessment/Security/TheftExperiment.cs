using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;

namespace Portunus.Assessment.Security;

/// <summary>What an attacker can do with a stolen credential, with the secret of a solution, and with the keys of a WAF.</summary>
public sealed class TheftExperiment : IExperiment
{
    /// <summary>Each has a process besides.</summary>
    const int Lanes = 4;

    /// <summary>Identities of each kind that a WAF's keys are tried with; fewer, since each is a registration.</summary>
    const int MostRegistrations = 5;

    static readonly Network Near = new(1, 0);

    public string Name => "theft";

    public bool MostlyWaits => true;

    public int StepsOf(AssessmentPlan plan) => TriedWay.Of(plan).Count;

    public Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop) => SideBySide.RunAsync(
        Name, TriedWay.Of(plan), Lanes, (way, token) => TryAsync(way, plan, draft, token), draft, stepDone, stop);

    static async Task TryAsync(TriedWay tried, AssessmentPlan plan, Draft draft, CancellationToken stop)
    {
        var registrations = Math.Min(plan.Attempts, MostRegistrations);
        await using var system = await StudySystem.StartAsync(
            new()
            {
                Way = tried.Way, HasFeed = tried.HasFeed, TemporaryFolder = plan.TemporaryFolder, Closed = registrations,
                Users = Math.Max(plan.Attempts, CompromisedWaf.FirstUser + registrations) + 1, Guests = registrations, HasForeignWaf = true,
            },
            new(plan.Seed, Near), stop);
        var leaked = await LeakedSecret.SeeAsync(system, tried, plan.Attempts, stop);
        // Other users; and a thief is mostly waited for.
        var stolen = Task.Run(() => StolenCredential.SeeAsync(system, tried, plan.Watch, plan.Attempts, stop), stop);
        var compromised = Task.Run(() => CompromisedWaf.SeeAsync(system, tried, registrations, stop), stop);
        var others = await Task.WhenAll(stolen, compromised);
        // All of them or none: a trial that fails is made again.
        foreach (var figure in leaked.Concat(others.SelectMany(figures => figures))) draft.Add(figure);
    }
}
