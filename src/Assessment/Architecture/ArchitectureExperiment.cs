using Portunus.Assessment.Cells;
using Portunus.Assessment.Links;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Nodes;
using Portunus.Nodes.Wic;

namespace Portunus.Assessment.Architecture;

/// <summary>
/// What each solution adds to the network and to its protocols: a client of each scenario signs in, calls, and signs off, and what was
/// seen then is compared with the same in a network without a solution.
/// </summary>
public sealed class ArchitectureExperiment : IExperiment
{
    /// <summary>Callees are other users than callers.</summary>
    const int Callee = 32;

    /// <summary>Systems at a time.</summary>
    const int MostBeside = 3;

    static readonly Network Near = new(1, 0);

    /// <summary>The feed is another interface where the solution itself has none to the TURN server.</summary>
    static readonly Way[] Fed = [Way.A1, Way.OAuthWarm, Way.Combined];

    static readonly Way[] Baselines = [Way.None, Way.NoneIntegrated];

    public string Name => "what each solution adds";

    public int StepsOf(AssessmentPlan plan) => Baselines.Length + plan.Ways.Length + plan.Among(Fed).Count();

    public async Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop)
    {
        List<Seen> before = [];
        foreach (var way in Baselines)
        {
            before.Add(await LookAsync(plan, way, hasFeed: false, draft: null, stop));
            stepDone();
        }

        var baseline = before.Aggregate((one, two) => one.And(two));
        // Nothing is timed; but clients that are not ours have a patience.
        var beside = new ParallelOptions { MaxDegreeOfParallelism = plan.TriesClients ? 1 : MostBeside, CancellationToken = stop };
        var all = plan.Ways.Select(way => (Way: way, HasFeed: false)).Concat(plan.Among(Fed).Select(way => (Way: way, HasFeed: true)));
        await Parallel.ForEachAsync(all, beside, async (one, token) =>
        {
            var seen = await LookAsync(plan, one.Way, one.HasFeed, one.HasFeed ? null : draft, token);
            draft.Add(seen.Beyond(baseline, one.Way, one.HasFeed));
            if (!one.HasFeed)
                foreach (var figure in seen.FiguresBeyond(baseline, one.Way)) draft.Add(figure);
            stepDone();
        });
    }

    static async Task<Seen> LookAsync(AssessmentPlan plan, Way way, bool hasFeed, Draft? draft, CancellationToken stop)
    {
        var model = new LinkModel(plan.Seed, Near);
        await using var system = await StudySystem.StartAsync(
            new() { Way = way, HasFeed = hasFeed, TemporaryFolder = plan.TemporaryFolder }, model, stop);
        var seen = Seen.Nothing;
        foreach (var scenario in plan.Scenarios)
            if (await CallAsync(system, scenario, stop) is { } more) seen = seen.And(more);
        if (draft is not null && plan.TriesClients && way != Way.OAuthCold && way != Way.OAuthPrefetched)
            await TryClientsAsync(system, plan, draft, stop);
        return seen;
    }

    /// <summary>Null where the solution is refused: what is said of a refusal is no part of it. The cells say why.</summary>
    static async Task<Seen?> CallAsync(StudySystem system, RegistrationScenario scenario, CancellationToken stop)
    {
        var watch = new WireWatch(system);
        try
        {
            await using var callee = await Cells.Callee.StartAsync(system, scenario, Callee, stop);
            await new ClientRun(system, scenario, user: 0) { OnSip = (_, bytes) => watch.OnSip(bytes.Span) }.RunAsync(callee, stop);
        }
        catch (RefusedException)
        {
            return null;
        }

        return new(
            watch.Headers, watch.Methods, watch.Attributes,
            [.. watch.Busy.Select(one => (one.Link.From, one.Link.To, one.Link.Protocol, one.Link.Name, one.Messages))]);
    }

    /// <summary>With a credential of the first scenario in which there is one. When a token was fetched makes no difference to who can
    /// send it: of OAuth one variant is tried.</summary>
    static async Task TryClientsAsync(StudySystem system, AssessmentPlan plan, Draft draft, CancellationToken stop)
    {
        foreach (var scenario in plan.Scenarios)
            try
            {
                await using var session = await WicSession.BeginAsync(system.PlanOf(scenario, user: 1), new(_ => { }), stop);
                await ClientRun.CredentialAsync(session, stop);
                var credential = await PlainAsync(session, stop);
                var turn = system.Stun.EndPoint;
                Add(FigureName.PlainTurnClient, await PlainTurnClient.TryAsync(turn, credential, stop), scenario);
                Add(FigureName.StockBrowser, await StockBrowser.TryAsync(turn, credential, stop), scenario);
                return;
            }
            catch (RefusedException)
            {
                // The next scenario may do.
            }

        void Add(string subject, Trial trial, RegistrationScenario scenario) => draft.Add(new Figure
        {
            Experiment = FigureName.Protocol,
            Subject = subject,
            Solution = system.Way.Solution,
            Variant = system.Way.Variant,
            Scenario = scenario,
            Value = trial.Relays switch { true => 1, false => 0, null => null },
            Outcome = trial.How,
        });
    }

    static async Task<PlainCredential> PlainAsync(WicSession session, CancellationToken stop)
    {
        var access = session.Access();
        if (access.Tokens is { } tokens)
        {
            tokens.Server ??= StudySystem.TurnName;
            return Plain(await tokens.FetchAsync(stop));
        }

        return access.Credential is { Token: { } token }
            ? Plain(token)
            : new(access.Credential.Username!, access.Credential.Password!);

        static PlainCredential Plain(Portunus.Credentials.IssuedToken token) => new(token.Kid, Convert.ToBase64String(token.MacKey.Span));
    }
}
