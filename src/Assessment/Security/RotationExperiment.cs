using System.Diagnostics;
using Portunus.Assessment.Links;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Credentials;
using Portunus.Nodes;

namespace Portunus.Assessment.Security;

/// <summary>
/// Secrets and keys rotate under load, with overlap: the TURN server takes the next one before anything is made with it, and the one
/// before until nobody has anything of it any more.
/// </summary>
public sealed class RotationExperiment : IExperiment
{
    const int Number = 15, OtherKid = 21;

    /// <summary>A machine that does other things takes its time.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>When a WAF's key ends, after the start of the system: the second where the machine was too slow for the first.</summary>
    static readonly TimeSpan[] KeyEnds = [TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(40)];

    public string Name => "rotations";

    public bool MostlyWaits => true;

    public int StepsOf(AssessmentPlan plan) => WaysOf(plan).Length;

    public async Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop)
    {
        foreach (var way in WaysOf(plan))
        {
            try
            {
                if (StillOf(way) is { } why) Still(way, why, draft);
                else if (way.Solution == "OAuth") await OfWafAsync(plan, way, draft, stop);
                else await OfEdgeAsync(plan, way, draft, stop);
            }
            catch (Exception failed) when (!stop.IsCancellationRequested)
            {
                draft.Miss($"{Drill.Subject(Number)}, {way}: could not be tried: {failed.Message}");
            }

            stepDone();
        }
    }

    /// <summary>Why nothing rotates; null where something does.</summary>
    static string? StillOf(Way way) => way.Solution switch
    {
        "S0" => "nothing rotates: a password is its user's, and changes when the user changes it",
        "A2" => "nothing rotates: each registration has a password of its own; certificates are read when a node starts",
        _ => null,
    };

    static void Still(Way way, string why, Draft draft)
    {
        foreach (var subject in new[] { FigureName.RotationTried, FigureName.RotationFailures })
            draft.Add(Figure(way, subject, null, why));
    }

    /// <summary>Secrets of Approach 1, keys of Combined: by the orders that <c>serve</c> gives when its configuration has changed; a
    /// Combined edge takes its next key when it starts.</summary>
    static async Task OfEdgeAsync(AssessmentPlan plan, Way way, Draft draft, CancellationToken stop)
    {
        await using var system = await StudySystem.StartAsync(
            new() { Way = way, TemporaryFolder = plan.TemporaryFolder }, new LinkModel(plan.Seed, DrillsExperiment.Near), stop);
        await using var trial = await RotationTrial.BeginAsync(new(system), stop);
        var (secret, key) = (system.Keys.Secret, system.Keys.OfEdge);
        var rotations = 0;
        var length = TimeSpan.FromSeconds(plan.IsThorough ? 3 : 0.5);
        for (var began = Stopwatch.GetTimestamp(); rotations == 0 || Stopwatch.GetElapsedTime(began) < length; rotations++)
        {
            var nextSecret = new SharedSecret(SecretHash.Sha256, StudyKeys.Draw().Span);
            var nextKey = new TokenKey($"epcscf-next-{rotations}", TokenAlgorithm.A256Gcm, StudyKeys.Draw().Span);
            var isKey = way.Solution == "Combined";
            await system.UseAsync(isKey ? system.SourcesOf(nextKey, key) : system.SourcesOf(nextSecret, secret));
            await (isKey ? system.ProvideAsync(nextKey) : system.ProvideAsync(nextSecret));
            await trial.RoundsAsync(1, Patience);
            await system.UseAsync(isKey ? system.SourcesOf(nextKey) : system.SourcesOf(nextSecret));
            await trial.RoundsAsync(1, Patience);
            (secret, key) = (nextSecret, nextKey);
        }

        await trial.EndAsync();
        Add(way, trial, $"{rotations} rotations", draft);
    }

    static async Task OfWafAsync(AssessmentPlan plan, Way way, Draft draft, CancellationToken stop)
    {
        foreach (var end in KeyEnds)
            if (await OfWafAsync(plan, way, end, draft, stop)) return;
        draft.Miss($"{Drill.Subject(Number)}, {way}: the WAF's key ended before the load began; the machine is too slow for it.");
    }

    /// <summary>The WAF's own rotation: it has shown its next key to the TURN server, and seals under it from a moment on. False when
    /// that moment was over too soon.</summary>
    static async Task<bool> OfWafAsync(AssessmentPlan plan, Way way, TimeSpan end, Draft draft, CancellationToken stop)
    {
        await using var system = await StudySystem.StartAsync(
            new() { Way = way, TemporaryFolder = plan.TemporaryFolder, TurnKeyEndsIn = end },
            new LinkModel(plan.Seed, DrillsExperiment.Near), stop);
        var site = new DrillSite(system);
        await using var trial = await RotationTrial.BeginAsync(site, stop);
        await trial.RoundsAsync(1, Patience);
        var first = trial.Last;
        using var held = site.Probe(first);
        if (first.Token is null || first.Token.Kid != StudySystem.FirstKid || !(await held.AllocateAsync(stop)).IsSuccess) return false;
        for (var began = Stopwatch.GetTimestamp(); trial.Last.Token!.Kid == first.Token.Kid; await trial.RoundsAsync(1, Patience))
            if (Stopwatch.GetElapsedTime(began) > end + Patience)
                throw new RefusedException($"The WAF did not change its key within {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s.");
        await trial.RoundsAsync(2, Patience);
        held.Shown = trial.Last;
        var refreshed = await held.RefreshAsync(600, stop);
        await trial.EndAsync();
        Add(way, trial, "1 rotation of the WAF's key", draft);
        draft.Add(Drill.Figure(way, OtherKid, new($"{refreshed} to the Refresh under the WAF's next key", refreshed.IsSuccess)));
        return true;
    }

    static void Add(Way way, RotationTrial trial, string what, Draft draft)
    {
        var outcome = trial.FirstFailure is { } first ? $"{what}; the first failure: {first}" : what;
        draft.Add(Figure(way, FigureName.RotationTried, trial.Tried, $"{what}, {RotationTrial.Clients} clients"));
        draft.Add(Figure(way, FigureName.RotationFailures, trial.Failed, outcome) with { AsExpected = trial.Failed == 0 });
        draft.Add(Drill.Figure(way, Number, new($"{trial.Failed} of {trial.Tried} Allocates failed; {outcome}", trial.Failed == 0)
        {
            Value = trial.Failed,
        }));
    }

    static Figure Figure(Way way, string subject, double? value, string outcome) => new()
    {
        Experiment = FigureName.Rotation,
        Subject = subject,
        Solution = way.Solution,
        Variant = way.Variant,
        Value = value,
        Outcome = outcome,
    };

    static Way[] WaysOf(AssessmentPlan plan) => [.. plan.Among(plan.IsThorough
        ? [Way.S0, Way.OAuthWarm, Way.A1, Way.A2Push, Way.A2Pull, Way.A2Integrated, Way.Combined]
        : [Way.A1, Way.Combined])];
}
