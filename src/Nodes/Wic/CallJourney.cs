using Portunus.Bedrock;
using Portunus.Sip;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>
/// A call between two native clients, each behind a relay of its own: audio-shaped packets both ways, in the clear.
/// </summary>
public static class CallJourney
{
    // A caller that went away without a BYE is not waited for any longer than this.
    static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    // What is on its way when the last packet has left; in a call nobody knows which packet of the other side is the last.
    static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    /// <summary>Calls somebody, talks, and hangs up.</summary>
    /// <exception cref="RefusedException">It came to nothing; the sentence says why.</exception>
    public static async Task<MediaReport> CallAsync(WicPlan plan, SipUri callee, Timeline timeline, CancellationToken stop)
    {
        await using var session = await WicSession.BeginAsync(plan, timeline, stop);
        await using var relays = new Relays(plan.Dns, timeline);
        var relay = await relays.OpenAsync(session.Access(), "allocate", stop);
        var agent = session.Agent!;
        var offer = SdpAudio.Write(relay.Address, SessionNumber());
        var call = await agent.PostAsync((machine, now) => machine.Invite(now, callee, offer));
        try
        {
            var first = await timeline.StepAsync(
                "invite",
                () => FirstAsync(agent, call, callee, stop),
                news => news is UserAgentEffect.Ringing ? $"{callee} rings" : $"{callee} answers");
            var answer = await timeline.StepAsync(
                "answer", () => AnsweredAsync(agent, call, callee, first, stop), peer => $"media at {peer}");
            await relay.BindAsync(answer, timeline, stop);
            return await TalkAsync(agent, call, relays, relay, answer, plan.Media with { Patience = LastWords }, timeline, stop);
        }
        finally
        {
            agent.Post((machine, now) => machine.HangUp(now, call));
        }
    }

    /// <summary>Waits for a call, answers it, and talks until the caller hangs up.</summary>
    /// <param name="plan">Who waits; the other side says how long the talk is.</param>
    /// <param name="timeline">Is told each step.</param>
    /// <param name="ready">Is told when it can be called.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="RefusedException">It came to nothing; the sentence says why.</exception>
    public static async Task<MediaReport> AnswerAsync(WicPlan plan, Timeline timeline, Action ready, CancellationToken stop)
    {
        await using var session = await WicSession.BeginAsync(plan, timeline, stop);
        await using var relays = new Relays(plan.Dns, timeline);
        var agent = session.Agent!;
        ready();
        var (call, caller, offer) = await timeline.StepAsync(
            "wait", () => CalledAsync(agent, stop), called => $"{called.Caller} calls");
        try
        {
            var relay = await relays.OpenAsync(session.Access(), "allocate", stop);
            // Before the answer: the caller's first packet may come with its ACK.
            await relay.BindAsync(offer, timeline, stop);
            var answer = SdpAudio.Write(relay.Address, SessionNumber());
            agent.Post((machine, now) => machine.Accept(now, call, answer));
            await timeline.StepAsync("answer", () => EstablishedAsync(agent, call, caller, stop), _ => $"{caller} is connected");
            var media = plan.Media with
            {
                Packets = MediaPlan.MostPackets, Patience = LastWords, WaitsToHear = true, Silence = LongestSilence,
            };
            return await TalkAsync(agent, call, relays, relay, offer, media, timeline, stop);
        }
        finally
        {
            // Where it still rings, it is not available (RFC 3261 §21.4.18).
            agent.Post((machine, now) => machine.HangUp(now, call, refusal: 480));
        }
    }

    static async Task<MediaReport> TalkAsync(
        WicAgent agent, CallNumber call, Relays relays, OpenRelay relay, TransportAddress peer, MediaPlan plan,
        Timeline timeline, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var end = EndedAsync(agent, call, relays, over.Token);
        var report = await timeline.StepAsync(
            "packets", () => UntilAsync(end), media => $"{media.Sent} sent, {media.Heard} of {media.Expected} heard");
        await over.CancelAsync();
        try
        {
            await end;
        }
        catch (OperationCanceledException)
        {
            // The stream was over first: it is for this side to hang up.
        }

        return report;

        async Task<MediaReport> UntilAsync(Task hangUp)
        {
            var stream = relay.Client.StreamAsync(peer, plan, over.Token);
            if (await Task.WhenAny(stream, hangUp) == hangUp) await over.CancelAsync();
            return await stream;
        }
    }

    /// <summary>Ringing, or an answer without it.</summary>
    static async Task<UserAgentEffect> FirstAsync(WicAgent agent, CallNumber call, SipUri callee, CancellationToken stop)
    {
        while (true)
            switch (await agent.NextAsync(stop))
            {
                case UserAgentEffect.Ringing ringing:
                    return ringing;
                case UserAgentEffect.Answered answered:
                    return answered;
                case UserAgentEffect.Ended(var which, var status) when which == call:
                    throw Refused(callee, status);
            }
    }

    static async Task<TransportAddress> AnsweredAsync(
        WicAgent agent, CallNumber call, SipUri callee, UserAgentEffect first, CancellationToken stop)
    {
        for (var news = first; ; news = await agent.NextAsync(stop))
            switch (news)
            {
                case UserAgentEffect.Answered(_, var sdp):
                    return SdpAudio.TryRead(sdp.Span, out var peer)
                        ? peer
                        : throw new RefusedException($"{callee} answers with no audio in the clear; call another native client.");
                case UserAgentEffect.Ended(var which, var status) when which == call:
                    throw Refused(callee, status);
            }
    }

    static async Task<(CallNumber Call, SipUri Caller, TransportAddress Offer)> CalledAsync(
        WicAgent agent, CancellationToken stop)
    {
        agent.TakesCalls = true;
        while (true)
        {
            var (call, invite) = await agent.NextAsync<UserAgentEffect.Called>(stop);
            if (SdpAudio.TryRead(invite.Body.Span, out var offer))
            {
                agent.TakesCalls = false;
                return (call, invite.From!.Uri, offer);
            }

            // A browser's media are none that this client speaks (RFC 3261 §21.4.26).
            agent.Post((machine, now) => machine.HangUp(now, call, refusal: 488));
        }
    }

    /// <summary>Until the call is over; relays go on under what fresh credentials come meanwhile.</summary>
    static async Task EndedAsync(WicAgent agent, CallNumber call, Relays relays, CancellationToken stop)
    {
        while (true)
            switch (await agent.NextAsync(stop))
            {
                case UserAgentEffect.Ended(var which, _) when which == call:
                    return;
                case UserAgentEffect.Provided(var credential):
                    relays.Renew(credential);
                    break;
            }
    }

    static async Task<bool> EstablishedAsync(WicAgent agent, CallNumber call, SipUri caller, CancellationToken stop)
    {
        while (true)
            switch (await agent.NextAsync(stop))
            {
                case UserAgentEffect.Established:
                    return true;
                case UserAgentEffect.Ended(var which, var status) when which == call:
                    throw new RefusedException($"{caller} ended the call before it stood ({status}).");
            }
    }

    static RefusedException Refused(SipUri callee, int status) =>
        new($"{callee} did not take the call: {status} {SipStatus.Reason(status)}.");

    static uint SessionNumber() => (uint)new SystemRandom().NextUInt64() >> 1;
}
