using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>Signs in, asks for a credential and for a fresh one, stays for a while, and signs off.</summary>
public static class RegisterJourney
{
    /// <param name="plan">What to do.</param>
    /// <param name="stay">How long; registration and credential are refreshed meanwhile.</param>
    /// <param name="timeline">Is told each step.</param>
    /// <param name="ready">Is told when the stay begins.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="RefusedException">It came to nothing; the sentence says why.</exception>
    public static async Task RunAsync(WicPlan plan, TimeSpan stay, Timeline timeline, Action ready, CancellationToken stop)
    {
        await using var session = await WicSession.BeginAsync(plan, timeline, stop);
        if (plan.Agent!.CredentialRequest is not null) await session.RenewAsync(stop);
        if (stay == TimeSpan.Zero) return;
        ready();
        await StayAsync(session.Agent!, stay, timeline, stop);
    }

    static async Task StayAsync(WicAgent agent, TimeSpan stay, Timeline timeline, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter(stay);
        try
        {
            while (true)
                switch (await agent.NextAsync(end.Token))
                {
                    case UserAgentEffect.Registered(var expires):
                        timeline.Mark("refreshed", $"{agent.Identity} for {expires.TotalSeconds:0} s");
                        break;
                    case UserAgentEffect.Provided(var credential):
                        timeline.Mark("renewed", $"{credential}");
                        break;
                    case UserAgentEffect.Withheld(var status, var reason):
                        timeline.Mark("withheld", $"no TURN credential in the {status}"
                            + (reason is null ? "" : $": {AccessAnswer.Shown(reason)}"));
                        break;
                }
        }
        catch (OperationCanceledException)
        {
            // The time is over, or the user has seen enough.
        }
    }
}
