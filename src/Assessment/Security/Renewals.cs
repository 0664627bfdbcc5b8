using Portunus.Assessment.Cells;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>What a client asks of its user while all that it holds ends and is renewed.</summary>
sealed record Renewals
{
    const int User = 0;

    static readonly TimeSpan CallPause = TimeSpan.FromMilliseconds(500);

    /// <summary>How it registers.</summary>
    public required RegistrationScenario Scenario { get; init; }

    /// <summary>Passwords that a person gave until there was a credential.</summary>
    public required int AtSignIn { get; init; }

    /// <summary>And after that.</summary>
    public required int After { get; init; }

    /// <summary>Access tokens that it had.</summary>
    public required int Tokens { get; init; }

    /// <summary>TURN credentials that it had, the same one counted once.</summary>
    public required int Credentials { get; init; }

    /// <summary>How often it asked for one in vain.</summary>
    public required int Withheld { get; init; }

    /// <summary>That it tried, with the credential that it held.</summary>
    public required int Calls { get; init; }

    /// <summary>Of those.</summary>
    public required int Failed { get; init; }

    /// <param name="system">Where.</param>
    /// <param name="lasts">How long it is looked at.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="RefusedException">It gets no credential in any scenario.</exception>
    public static async Task<Renewals> SeeAsync(StudySystem system, TimeSpan lasts, CancellationToken stop)
    {
        // Tokens end in scenarios 2 and 3 alone; where a solution is not there in 2, in the first.
        Timeline timeline = new(_ => { });
        var scenario = RegistrationScenario.S2;
        WicSession session;
        try
        {
            session = await BeginAsync(system, scenario, timeline, stop);
        }
        catch (RefusedException)
        {
            (timeline, scenario) = (new(_ => { }), RegistrationScenario.S1);
            session = await BeginAsync(system, scenario, timeline, stop);
        }

        await using var signedIn = session;
        var plan = system.PlanOf(scenario, User);
        var logins = Prompts(timeline);
        var (calls, failed, withheld) = (0, 0, 0);
        var credentials = new HashSet<TurnClientSettings>();
        var probe = new AllocateProbe(TransportAddress.From(system.Stun.EndPoint));
        for (var end = SystemClock.Now + lasts; SystemClock.Now < end; calls++)
        {
            if (!await TryRenewAsync(session, stop)) withheld++;
            var held = Held(session);
            if (held is not null) credentials.Add(held);
            if (held is null || !await probe.AskAsync(held, stop)) failed++;
            await Task.Delay(CallPause, stop);
        }

        return new()
        {
            Scenario = scenario,
            // The SIP password is given once, and kept for as long as the client runs.
            AtSignIn = logins + (plan.Agent!.Password is null ? 0 : 1),
            After = Prompts(timeline) - logins,
            Tokens = timeline.Steps.Count(step => step is { Name: "token", Failed: false }),
            Credentials = credentials.Count,
            Withheld = withheld,
            Calls = calls,
            Failed = failed,
        };
    }

    static async Task<WicSession> BeginAsync(StudySystem system, RegistrationScenario scenario, Timeline timeline, CancellationToken stop)
    {
        var session = await WicSession.BeginAsync(system.PlanOf(scenario, User), timeline, stop);
        try
        {
            await ClientRun.CredentialAsync(session, stop);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>As a client does whose credential is about to end. One that does not come is asked for again later, and until then
    /// the client has the one before.</summary>
    static async Task<bool> TryRenewAsync(WicSession session, CancellationToken stop)
    {
        try
        {
            if (session.Credential is not null) await session.RenewAsync(stop);
            if (session.Access().Tokens is { } tokens)
            {
                tokens.Server ??= StudySystem.TurnName;
                await tokens.FetchAsync(stop);
            }

            return true;
        }
        catch (RefusedException)
        {
            return false;
        }
    }

    /// <summary>Null where not even the first token came.</summary>
    static TurnClientSettings? Held(WicSession session)
    {
        var access = session.Access();
        if (access.Tokens is not { } tokens) return access.Credential;
        return tokens.Held is { } token ? new() { Token = token } : null;
    }

    /// <summary>A form that was filled in: where the WAF knows its user by a cookie, there is none.</summary>
    static int Prompts(Timeline timeline) => timeline.Steps.Count(step => step.Name == "login");
}
