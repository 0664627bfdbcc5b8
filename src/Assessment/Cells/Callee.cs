using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Sip;
using Portunus.Wic;

namespace Portunus.Assessment.Cells;

/// <summary>A native client that stays registered and answers each call behind a relay of its own.</summary>
sealed class Callee : IAsyncDisposable
{
    readonly WicSession _session;
    readonly Timeline _timeline;

    Callee(WicSession session, Timeline timeline) => (_session, _timeline) = (session, timeline);

    public SipUri Identity => _session.Agent!.Identity;

    /// <exception cref="RefusedException">It could not register; the sentence says why.</exception>
    public static async Task<Callee> StartAsync(StudySystem system, RegistrationScenario scenario, int user, CancellationToken stop)
    {
        var timeline = new Timeline(_ => { });
        var session = await WicSession.BeginAsync(system.PlanOf(scenario, user), timeline, stop);
        session.Agent!.TakesCalls = true;
        var callee = new Callee(session, timeline);
        try
        {
            await callee.PrepareAsync(stop);
            return callee;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Answers the next call, and waits until it is over.</summary>
    /// <param name="heard">Is given the moment of the caller's first packet.</param>
    /// <param name="stop">Ends the wait.</param>
    public async Task AnswerAsync(TaskCompletionSource<Instant> heard, CancellationToken stop)
    {
        var agent = _session.Agent!;
        var (call, invite) = await agent.NextAsync<UserAgentEffect.Called>(stop);
        await using var relays = new Relays(new(), _timeline);
        if (!SdpAudio.TryRead(invite.Body.Span, out var offer)) throw new RefusedException("The caller offers no audio.");
        await ClientRun.CredentialAsync(_session, stop);
        var relay = await relays.OpenAsync(_session.Access(), "allocate", stop);
        await relay.Client.BindAsync(offer, stop);
        agent.Post((machine, now) => machine.Accept(now, call, SdpAudio.Write(relay.Address, 1)));
        heard.TrySetResult(await relay.Client.HeardAsync(stop));
        while (await agent.NextAsync<UserAgentEffect.Ended>(stop) is var ended && ended.Call != call)
        {
        }
    }

    /// <summary>Has a relay once: what its first one costs (a token of the WAF, the question of pull) is no part of what its callers
    /// wait for, however few of them there are.</summary>
    async Task PrepareAsync(CancellationToken stop)
    {
        await ClientRun.CredentialAsync(_session, stop);
        await using var relays = new Relays(new(), _timeline);
        await relays.OpenAsync(_session.Access(), "allocate", stop);
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();
}
