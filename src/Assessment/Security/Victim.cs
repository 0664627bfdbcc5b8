using Portunus.Assessment.Cells;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>A client that has signed in, in the first scenario in which its solution works, and what others may copy of it.</summary>
sealed class Victim : IAsyncDisposable
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    readonly StudySystem _system;
    readonly WicSession _session;
    readonly int _user;

    Victim(StudySystem system, WicSession session, RegistrationScenario scenario, int user, TurnClientSettings held, int? seconds) =>
        (_system, _session, Scenario, _user, Held, Seconds) = (system, session, scenario, user, held, seconds);

    public RegistrationScenario Scenario { get; }

    /// <summary>What it shows to the TURN server.</summary>
    public TurnClientSettings Held { get; }

    /// <summary>How long that counts when nothing else ends it; null for ever.</summary>
    public int? Seconds { get; }

    /// <summary>What becomes of a relay that is not ended.</summary>
    public string RelaysOn => Seconds is { } seconds
        ? $"relays on; its credential ends after {seconds} s"
        : "relays on; its credential is the SIP password, which does not end";

    /// <exception cref="RefusedException">It gets no credential in any scenario.</exception>
    public static async Task<Victim> BeginAsync(StudySystem system, int user, CancellationToken stop)
    {
        RefusedException? refused = null;
        foreach (var scenario in Enum.GetValues<RegistrationScenario>())
            try
            {
                return await BeginAsync(system, scenario, user, stop);
            }
            catch (RefusedException why)
            {
                refused = why;
            }

        throw refused!;
    }

    /// <summary>Waits until a registration can be ended in that way.</summary>
    public async Task PrepareAsync(RegistrationEnd end, CancellationToken stop)
    {
        // The eP-CSCF subscribes to the core after the 200.
        while (end == RegistrationEnd.Core && !await IsWatchedAsync()) await Task.Delay(Look, stop);
    }

    /// <summary>Has the registration ended; returns when the order was taken.</summary>
    public async Task EndAsync(RegistrationEnd end, CancellationToken stop)
    {
        switch (end)
        {
            case RegistrationEnd.Core:
                await _system.Core.DeregisterAsync(Identity);
                break;
            case RegistrationEnd.Client:
                await _session.Agent!.DeregisterAsync(stop);
                break;
            case RegistrationEnd.Operator:
                foreach (var one in await _system.Edge.RegistrationsAsync())
                    if (one.Identity == Identity) await _system.Edge.EndAsync(one.Id);
                break;
            case RegistrationEnd.Loss:
                await _session.AbandonAsync();
                break;
            case RegistrationEnd.Waf:
                await _system.RemoveUserAsync(_user);
                break;
        }
    }

    /// <summary>Without a farewell: most registrations have ended by then.</summary>
    public ValueTask DisposeAsync() => _session.AbandonAsync();

    string Identity => _session.Agent!.Identity.AddressOfRecord;

    async Task<bool> IsWatchedAsync() =>
        (await _system.Edge.RegistrationsAsync()).Any(one => one.Identity == Identity && one.IsWatched);

    static async Task<Victim> BeginAsync(StudySystem system, RegistrationScenario scenario, int user, CancellationToken stop)
    {
        var session = await WicSession.BeginAsync(system.PlanOf(scenario, user), new(_ => { }), stop);
        try
        {
            await ClientRun.CredentialAsync(session, stop);
            var access = session.Access();
            if (access.Tokens is not { } tokens) 
                return new(system, session, scenario, user, access.Credential, session.Credential?.Ttl);
            tokens.Server ??= StudySystem.TurnName;
            var token = await tokens.FetchAsync(stop);
            return new(system, session, scenario, user, new() { Token = token }, (int)token.Lifetime);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
