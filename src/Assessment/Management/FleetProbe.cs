using System.Diagnostics;
using Portunus.Wic;

namespace Portunus.Assessment.Management;

/// <summary>Asks issuers for credentials, and TURN servers whether they take them.</summary>
static class FleetProbe
{
    /// <summary>A busy machine takes its time; a network that is right agrees within seconds.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until each TURN server takes a credential of each issuer, of those that are named.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="changed">Only pairs of which one is among them; null for all.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="TimeoutException">They do not agree.</exception>
    public static async Task AgreeAsync(Fleet fleet, IReadOnlySet<Site>? changed, CancellationToken stop)
    {
        if (fleet.Way.IsOAuth)
            foreach (var waf in fleet.Wafs) await AgreeAsync(waf, fleet, changed, stop);
        else
            foreach (var edge in fleet.Edges) await AgreeAsync(edge, fleet, changed, stop);
    }

    /// <summary>Waits until each TURN server has fetched a key that it did not have.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="rotate">Makes a WAF show one; gives back what ends that.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="TimeoutException">None was fetched.</exception>
    public static async Task FetchedAsync(Fleet fleet, Func<IDisposable> rotate, CancellationToken stop)
    {
        var before = fleet.Turns.ToDictionary(turn => turn, turn => turn.Fetched);
        using var rotated = rotate();
        await UntilAsync(
            () => Task.FromResult(before.All(one => !one.Key.Fetched.Except(one.Value).IsEmpty)), "each TURN server has a new key", stop);
    }

    static async Task AgreeAsync(WafSite waf, Fleet fleet, IReadOnlySet<Site>? changed, CancellationToken stop)
    {
        foreach (var turn in fleet.Turns.Where(turn => IsMeant(waf, turn, changed)))
            await UntilAsync(
                async () => await waf.IssueAsync(turn.Name, stop) is { } token
                    && await turn.AcceptsAsync(new TurnClientSettings { Token = token }, stop),
                $"{turn.Name} takes a token of {waf.Name}", stop);
    }

    static async Task AgreeAsync(EdgeSite edge, Fleet fleet, IReadOnlySet<Site>? changed, CancellationToken stop)
    {
        var left = fleet.Turns.Where(turn => IsMeant(edge, turn, changed)).ToHashSet();
        await UntilAsync(
            async () =>
            {
                if (left.Count == 0) return true;
                var proofs = await edge.IssueAsync(stop);
                foreach (var turn in left.ToArray())
                    if (proofs.GetValueOrDefault(turn.Name) is { } proof && await turn.AcceptsAsync(proof, stop)) left.Remove(turn);
                return left.Count == 0;
            },
            $"all TURN servers take a credential of {edge.Name}", stop);
    }

    static bool IsMeant(Site issuer, Site turn, IReadOnlySet<Site>? changed) =>
        changed is null || changed.Contains(issuer) || changed.Contains(turn);

    static async Task UntilAsync(Func<Task<bool>> isSo, string what, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience) throw new TimeoutException($"Not within {Patience.TotalSeconds:0} s: {what}.");
            await Task.Delay(Pause, stop);
        }
    }
}
