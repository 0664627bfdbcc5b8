using System.Diagnostics;
using System.Text.Json;
using Portunus.Assessment.Cells;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>A running system and what drills need of it: clients that are signed in, and such as say what they like.</summary>
sealed class DrillSite(StudySystem system)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    int _users;

    public StudySystem System => system;

    public Way Way => system.Way;

    /// <summary>The first in which this way gives something to relay with.</summary>
    public RegistrationScenario Scenario => Way.Solution == "OAuth" ? RegistrationScenario.S2 : RegistrationScenario.S1;

    /// <summary>A user that no drill had before.</summary>
    public int NextUser() => Interlocked.Increment(ref _users);

    public static string Impi(int user) => $"wic{user}@{StudySystem.Realm}";

    public Task<WicSession> SignInAsync(CancellationToken stop) => SignInAsync(NextUser(), stop);

    public Task<WicSession> SignInAsync(int user, CancellationToken stop) =>
        WicSession.BeginAsync(system.PlanOf(Scenario, user), new(_ => { }), stop);

    /// <summary>What a client that is signed in has to relay with; asks again while an edge gives none.</summary>
    public static async Task<TurnClientSettings> ShownAsync(WicSession session, CancellationToken stop)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, stop))
            try
            {
                await ClientRun.CredentialAsync(session, stop);
                break;
            }
            catch (RefusedException) when (session.Agent?.Withheld is null && Stopwatch.GetElapsedTime(began) < Patience)
            {
                // An edge that has not heard of its TURN server for a second names none, and asks nobody: such a no comes at once.
            }

        return await HeldAsync(session, StudySystem.TurnName, stop);
    }

    /// <summary>The same, of a WAF for the server of that name.</summary>
    public static async Task<TurnClientSettings> HeldAsync(WicSession session, string server, CancellationToken stop)
    {
        var access = session.Access();
        if (access.Tokens is not { } tokens) return access.Credential;
        tokens.Server = server;
        return new() { Token = await tokens.FetchAsync(stop) };
    }

    public TurnProbe Probe(TurnClientSettings shown) => new(system.Stun.EndPoint, shown);

    /// <summary>What comes of an Allocate; the relay is given back at once.</summary>
    public async Task<TurnSaid> TryAsync(TurnClientSettings shown, CancellationToken stop)
    {
        using var probe = Probe(shown);
        var said = await probe.AllocateAsync(stop);
        if (said.IsSuccess) await probe.RefreshAsync(0, stop);
        return said;
    }

    public Task<SipProbe> SipAsync(string impu, CancellationToken stop) =>
        SipProbe.ConnectAsync(new($"wss://localhost:{system.W2.EndPoint.Port}/w2"), system.Root, impu, stop);

    /// <summary>As a page borrows an identity of the site (scenario 3).</summary>
    /// <exception cref="RefusedException">The site lends none.</exception>
    public async Task<(string Impu, string Token)> LeaseAsync(CancellationToken stop)
    {
        using var http = new HttpClient(StudyHttp.Believing(system.Root));
        using var answer = await http.PostAsync(new Uri($"https://localhost:{system.W1.EndPoint.Port}/wwsf/lease"), null, stop);
        var text = await answer.Content.ReadAsStringAsync(stop);
        if (!answer.IsSuccessStatusCode) throw new RefusedException($"The site lends no identity ({(int)answer.StatusCode}).");
        using var json = JsonDocument.Parse(text);
        return (json.RootElement.GetProperty("impu").GetString()!, json.RootElement.GetProperty("access_token").GetString()!);
    }
}
