using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Credentials;

namespace Portunus.Assessment.Security;

/// <summary>
/// What a TURN server whose clock is wrong does with credentials that were just made, from a second to ten minutes, ahead and behind;
/// in virtual time, since nodes have the clock of their machine.
/// </summary>
public sealed class ClockExperiment : IExperiment
{
    const int Number = 16;

    /// <summary>In seconds; above zero where the TURN server's clock is ahead.</summary>
    internal static readonly int[] Skews = [-600, -60, -10, -1, 0, 1, 10, 60, 600];

    const string ByMachines = "virtual time";

    public string Name => "clocks apart";

    public bool MostlyWaits => true;

    public int StepsOf(AssessmentPlan plan) => plan.Ways.Length;

    public Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop)
    {
        foreach (var way in plan.Ways)
        {
            stop.ThrowIfCancellationRequested();
            foreach (var skew in Skews) Add(draft, way, skew, new SkewTrial(way, plan.Seed).Allocate(skew));
            stepDone();
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// What must come of it by what the ways say of their credentials: a time-limited name counts up to the second in it; a token by
    /// RFC 7635 §5 from five seconds before its date until five after its lifetime; what is told must not have run out by the clock of
    /// who is told, nor lie further ahead than it keeps anything; a password has no time.
    /// </summary>
    internal static bool Relays(Way way, int skew) => way.Solution switch
    {
        "S0" => true,
        "OAuth" => skew >= -AccessToken.Delta && skew < SkewTrial.WafToken + AccessToken.Delta,
        "Combined" => skew >= -AccessToken.Delta && skew < EdgeLife + AccessToken.Delta,
        "A1" => skew <= EdgeLife,
        _ => skew < EdgeLife,
    };

    /// <summary>In seconds: a minute more than the registration.</summary>
    const int EdgeLife = SkewTrial.Registration + 60;

    internal static void Add(Draft draft, Way way, int skew, uint? lifetime)
    {
        var outcome = lifetime is { } seconds ? $"relays, for {seconds} s at first" : "refused";
        draft.Add(new Figure
        {
            Experiment = FigureName.Clocks,
            Subject = FigureName.SkewRelays,
            Solution = way.Solution,
            Variant = way.Variant,
            Setting = $"skew={skew}",
            Value = lifetime is null ? 0 : 1,
            Outcome = outcome,
            By = ByMachines,
        });
        if (skew != 0 && Math.Abs(skew) != 60)
            draft.Add(Drill.Figure(
                way, Number, new(outcome, lifetime is not null == Relays(way, skew)) { By = ByMachines }, $"skew={skew}"));
    }
}
