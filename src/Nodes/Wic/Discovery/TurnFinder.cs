using System.Net;
using Portunus.Credentials;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>Goes one way of RFC 8155 after the other.</summary>
/// <param name="dns">Answers for domains.</param>
/// <param name="plan">What is looked for where.</param>
/// <param name="from">The address of this machine that all goes by; null for any.</param>
/// <param name="spoken">What the client speaks.</param>
sealed class TurnFinder(DnsLookup dns, DiscoveryPlan plan, IPAddress? from, IReadOnlyList<TurnTransport> spoken)
{
    // Of one way: each that is not there costs the patience for it.
    const int MostServers = 4;

    /// <summary>None where the way leads nowhere.</summary>
    public async Task<IReadOnlyList<TurnServerAddress>> FindAsync(DiscoveryWay way, CancellationToken stop)
    {
        if (way.Kind == DiscoveryKind.Anycast) return plan.Anycast;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(plan.LongestSearch);
        try
        {
            var step = way.Kind switch
            {
                DiscoveryKind.Resolution => await RunAsync(
                    new TurnResolution(new TurnUri(false, way.Domain), spoken, new SystemRandom()) { IsByPointersOnly = true },
                    dns.AskAsync, patience.Token),
                DiscoveryKind.Browsing => await RunAsync(Browsing(way), dns.AskAsync, patience.Token),
                _ => await RunAsync(
                    Browsing(way), new MulticastLookup(plan, plan.Links ?? MulticastLink.Of(from)).AskAsync, patience.Token),
            };
            return step is ResolutionStep.Found(var servers) ? [.. servers.Take(MostServers)] : [];
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return [];
        }
    }

    /// <summary>A search with its answers, to its end.</summary>
    public static async Task<ResolutionStep> RunAsync(
        TurnSearch search, Func<DnsQuestion, CancellationToken, Task<IReadOnlyList<DnsRecord>>> ask, CancellationToken stop)
    {
        ResolutionStep step;
        while ((step = search.Run()) is ResolutionStep.Ask(var question))
        {
            stop.ThrowIfCancellationRequested();
            search.OnAnswer(question, await ask(question, stop));
        }

        return step;
    }

    TurnBrowsing Browsing(DiscoveryWay way) => new(way.Domain, spoken, new SystemRandom());
}
