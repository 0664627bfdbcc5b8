using Portunus.Bedrock;

namespace Portunus.Nodes.Wic;

/// <summary>An echo behind a relay, for peers that are relays of the same address: there test streams come from.</summary>
public static class EchoJourney
{
    /// <param name="plan">What to do.</param>
    /// <param name="timeline">Is told each step.</param>
    /// <param name="ready">Is told where the echo is.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="RefusedException">It came to nothing; the sentence says why.</exception>
    public static async Task RunAsync(WicPlan plan, Timeline timeline, Action<TransportAddress> ready, CancellationToken stop)
    {
        await using var session = await WicSession.BeginAsync(plan, timeline, stop);
        await using var relays = new Relays(plan.Dns, timeline) { From = plan.From };
        var echo = await relays.OpenAsync(session.Access(), "allocate", stop);
        await timeline.StepAsync("permit", () => echo.Client.PermitAsync(echo.Address, stop), _ => "relays of the same address");
        echo.Client.Echo();
        ready(echo.Address);
        using var over = new CancellationTokenSource();
        var follow = session.FollowAsync(relays.Renew, over.Token);
        try
        {
            await echo.Client.LostAsync(stop);
        }
        finally
        {
            await over.CancelAsync();
            await follow;
        }
    }
}
