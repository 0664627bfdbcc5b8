using Portunus.Assessment.Links;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Nodes.Wic;
using Portunus.Stun;

namespace Portunus.Assessment.Security;

/// <summary>Many clients whose nonces are all old at once (drill 20): each hears 438, and tries again with the nonce in it.</summary>
static class StormDrill
{
    const int Clients = 24;

    /// <summary>A client that is told 438 so often has found no way in.</summary>
    const int MostTries = 8;

    static readonly TimeSpan NonceLifetime = TimeSpan.FromSeconds(1);

    /// <summary>An age counts in whole seconds, and must be above the lifetime.</summary>
    static readonly TimeSpan Ageing = TimeSpan.FromSeconds(2.2);

    public static async Task RunAsync(AssessmentPlan plan, Way way, Draft draft, CancellationToken stop)
    {
        await using var system = await StudySystem.StartAsync(
            new() { Way = way, TemporaryFolder = plan.TemporaryFolder, NonceLifetime = NonceLifetime },
            new LinkModel(plan.Seed, DrillsExperiment.Near), stop);
        var site = new DrillSite(system);
        await using var session = await site.SignInAsync(stop);
        var shown = await DrillSite.ShownAsync(session, stop);
        TurnProbe[] clients =
            [.. Enumerable.Range(0, Clients).Select(_ => new TurnProbe(system.Stun.EndPoint, shown) { FollowsNonces = false })];
        try
        {
            var began = await Task.WhenAll(clients.Select(client => UntilAsync(client, client.AllocateAsync, stop)));
            await Task.Delay(Ageing, stop);
            var refreshed = await Task.WhenAll(
                clients.Select(client => UntilAsync(client, token => client.RefreshAsync(600, token), stop)));
            var stale = refreshed.Sum(one => one.Stale);
            var failed = refreshed.Count(one => !one.Last.IsSuccess);
            draft.Add(Drill.Figure(way, 20, new(
                $"{Clients} Refreshes at once: {stale} times 438, {failed} failed in the end",
                began.All(one => one.Last.IsSuccess) && stale >= Clients && failed == 0)
            {
                Value = (double)stale / Clients, Unit = "438 per client",
            }));
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    static async Task<(TurnSaid Last, int Stale)> UntilAsync(
        TurnProbe client, Func<CancellationToken, Task<TurnSaid>> askAsync, CancellationToken stop)
    {
        for (var tries = 0; ; tries++)
        {
            var said = await askAsync(stop);
            if (!said.Is(ErrorCode.StaleNonce) || tries == MostTries) return (said, tries);
        }
    }
}
