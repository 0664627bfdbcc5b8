using Portunus.Bedrock;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>
/// Signs in where there is an edge, takes a credential and renews it, takes a relay, and sends a test stream through it to an
/// echo.
/// </summary>
public static class RelayJourney
{
    /// <param name="plan">What to do.</param>
    /// <param name="timeline">Is told each step.</param>
    /// <param name="stop">Ends a stream early; before it, all.</param>
    /// <exception cref="RefusedException">It came to nothing; the sentence says why.</exception>
    public static async Task<MediaReport> RunAsync(WicPlan plan, Timeline timeline, CancellationToken stop)
    {
        await using var session = await WicSession.BeginAsync(plan, timeline, stop);
        if (plan.Access is null) await session.RenewAsync(stop);
        var access = session.Access().In(plan.Peer?.Family ?? IPFamily.None);
        await using var relays = new Relays(plan.Dns, timeline) { From = plan.From };
        var relay = await relays.OpenAsync(access, "allocate", stop);
        var peer = plan.Peer ?? await EchoAsync(relays, access, relay, timeline, stop);
        await relay.BindAsync(peer, timeline, stop);
        using var over = new CancellationTokenSource();
        var follow = session.FollowAsync(relays.Renew, over.Token);
        try
        {
            return await timeline.StepAsync(
                "packets",
                () => relay.Client.StreamAsync(peer, plan.Media, stop),
                report => $"{report.Returned} of {report.Sent} returned");
        }
        finally
        {
            await over.CancelAsync();
            await follow;
        }
    }

    /// <summary>An echo of our own, behind a second relay of the same server, so that nothing else is needed.</summary>
    static async Task<TransportAddress> EchoAsync(
        Relays relays, TurnAccess access, OpenRelay relay, Timeline timeline, CancellationToken stop)
    {
        var echo = await relays.OpenAsync(access, "echo", stop);
        await timeline.StepAsync(
            "permit", () => echo.Client.PermitAsync(relay.Address, stop), _ => $"{relay.Address} to the echo");
        echo.Client.Echo();
        return echo.Address;
    }
}
