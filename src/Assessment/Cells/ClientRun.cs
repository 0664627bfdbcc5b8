using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Wic;

namespace Portunus.Assessment.Cells;

/// <summary>One client's life: it signs in, calls, is heard, hangs up and signs off.</summary>
/// <param name="system">Where.</param>
/// <param name="scenario">How it registers.</param>
/// <param name="user">Who it is.</param>
sealed class ClientRun(StudySystem system, RegistrationScenario scenario, int user)
{
    /// <summary>An edge that had no answer of its TURN servers gives no credential; a client asks again, but not for ever.</summary>
    internal const int MostAsked = 8;

    /// <summary>Before it asks again. A server that an edge misses is found by a poll, a second later or so.</summary>
    internal static readonly TimeSpan AskPause = TimeSpan.FromMilliseconds(500);

    static readonly TimeSpan PacketPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Is told when the client has registered, and what it prepares is there; the click is after it.</summary>
    public Func<Task> OnRegistered { get; init; } = () => Task.CompletedTask;

    /// <summary>Is told when the callee has heard it.</summary>
    public Action OnHeard { get; init; } = () => { };

    /// <summary>As <see cref="Timeline.OnSip"/>.</summary>
    public Action<bool, ReadOnlyMemory<byte>>? OnSip { get; init; }

    /// <summary>Is told each step that has ended, its counts over links being complete.</summary>
    public Action<TimelineStep> OnStep { get; init; } = _ => { };

    /// <exception cref="RefusedException">The system refused; the sentence says why.</exception>
    public async Task<Sample> RunAsync(Callee callee, CancellationToken stop)
    {
        var timeline = new Timeline(OnStep) { OnSip = OnSip };
        var began = SystemClock.Now;
        await using var session = await WicSession.BeginAsync(system.PlanOf(scenario, user), timeline, stop);
        var registered = SystemClock.Now;
        if (system.Way == Way.OAuthPrefetched) await session.Access().Tokens!.FetchAsync(stop);
        await OnRegistered();

        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var heard = new TaskCompletionSource<Instant>(TaskCreationOptions.RunContinuationsAsynchronously);
        var answering = callee.AnswerAsync(heard, over.Token);
        try
        {
            var clicked = SystemClock.Now;
            var withheld = await CredentialAsync(session, stop);
            await using var relays = new Relays(new(), timeline);
            var relay = await relays.OpenAsync(session.Access(), "allocate", stop);
            var candidate = SystemClock.Now;
            var agent = session.Agent!;
            var offer = SdpAudio.Write(relay.Address, 1);
            var call = await agent.PostAsync((machine, now) => machine.Invite(now, callee.Identity, offer));
            var invited = SystemClock.Now;
            var sdp = (await UntilAnsweredAsync(agent, stop)).Answer;
            if (!SdpAudio.TryRead(sdp.Span, out var peer)) throw new RefusedException("The callee answers with no audio.");
            await relay.Client.BindAsync(peer, stop);
            // As audio does: a packet each 20 ms, until the other side has heard one.
            var media = new MediaPlan(MediaPlan.MostPackets, PacketPause) { Patience = TimeSpan.Zero };
            var stream = relay.Client.StreamAsync(peer, media, over.Token);
            var first = await await Task.WhenAny(heard.Task, FailureOf<Instant>(answering, over.Token));
            OnHeard();
            agent.Post((machine, now) => machine.HangUp(now, call));
            await answering;
            await over.CancelAsync();
            await stream;
            return new()
            {
                Began = began, Registered = registered, Clicked = clicked, Candidate = candidate, Invited = invited, Heard = first,
                Withheld = withheld,
            };
        }
        finally
        {
            await over.CancelAsync();
            await ((Task)answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sees that the session has something to relay with; how often it had to ask again.</summary>
    /// <exception cref="RefusedException">The edge gives none, however often it is asked.</exception>
    public static async Task<int> CredentialAsync(WicSession session, CancellationToken stop)
    {
        for (var asked = 0; ; asked++)
            try
            {
                session.Access();
                return asked;
            }
            catch (RefusedException) when (asked < MostAsked && session.Agent?.Withheld is null)
            {
                if (asked > 0) await Task.Delay(AskPause, stop);
                try
                {
                    await session.RenewAsync(stop);
                }
                catch (RefusedException) when (asked + 1 < MostAsked && session.Agent?.Withheld is null)
                {
                    // Again.
                }
            }
    }

    static async Task<UserAgentEffect.Answered> UntilAnsweredAsync(WicAgent agent, CancellationToken stop)
    {
        while (true)
            switch (await agent.NextAsync(stop))
            {
                case UserAgentEffect.Answered answered:
                    return answered;
                case UserAgentEffect.Ended(_, var status):
                    throw new RefusedException($"The callee did not take the call ({status}).");
            }
    }

    /// <summary>Never ends but by the failure of what it looks at.</summary>
    static async Task<T> FailureOf<T>(Task watched, CancellationToken stop)
    {
        await watched;
        await Task.Delay(Timeout.Infinite, stop);
        throw new InvalidOperationException("Not reached.");
    }
}
