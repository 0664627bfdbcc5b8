using Portunus.Credentials;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>
/// A client that has signed in, where there is an edge to sign in at, and what it may relay with. Signs off when disposed of.
/// </summary>
public sealed class WicSession : IAsyncDisposable
{
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    readonly WicPlan _plan;
    readonly Timeline _timeline;
    AccessKeeper? _keeper;
    TurnTokens? _turnTokens;
    bool _isRegistered;

    WicSession(WicPlan plan, Timeline timeline) => (_plan, _timeline) = (plan, timeline);

    /// <summary>Null where there is no edge.</summary>
    public WicAgent? Agent { get; private set; }

    /// <summary>What the edge gave last; null when it gave nothing.</summary>
    public TurnCredential? Credential { get; private set; }

    /// <exception cref="RefusedException">It could not sign in.</exception>
    public static async Task<WicSession> BeginAsync(WicPlan plan, Timeline timeline, CancellationToken stop)
    {
        var session = new WicSession(plan, timeline);
        try
        {
            if (plan.Tokens is not null) await session.GetAccessAsync(plan.Tokens, stop);
            if (plan.Server is not null) await session.SignInAsync(stop);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the edge for a fresh credential; nothing without an edge.</summary>
    /// <exception cref="RefusedException">It gives none.</exception>
    public async Task RenewAsync(CancellationToken stop)
    {
        if (Agent is null || _turnTokens is not null) return;
        Credential = await _timeline.StepAsync(
            "renew",
            async () => await Agent.RenewAsync(stop) ?? throw new RefusedException(NoCredential),
            credential => $"{credential}");
    }

    /// <summary>What to relay with: the plan's own, else what the edge gave.</summary>
    /// <exception cref="RefusedException">There is nothing.</exception>
    public TurnAccess Access() => NamedAccess() with { Discovery = _plan.Discovery?.With(Agent?.Identity.Host) };

    TurnAccess NamedAccess()
    {
        if (_plan.Access is not null) return _plan.Access;
        if (_turnTokens is not null) return new(_plan.Uris, new()) { Tokens = _turnTokens };
        if (Credential is null) throw new RefusedException(NoCredential);
        return TurnAccess.Of(Credential).At(_plan.Uris);
    }

    /// <summary>
    /// Hands on each fresh credential that comes by itself; ends when told to, or with the registration, which a relay survives.
    /// </summary>
    public async Task FollowAsync(Action<TurnCredential> onFresh, CancellationToken stop)
    {
        if (Agent is null) return;
        try
        {
            while (true)
            {
                Credential = (await Agent.NextAsync<UserAgentEffect.Provided>(stop)).Credential;
                _timeline.Mark("renewed", $"{Credential}");
                onFresh(Credential);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody needs it any more.
        }
        catch (RefusedException lost)
        {
            _isRegistered = false;
            _timeline.Mark("lost", lost.Message);
        }
    }

    /// <summary>
    /// Goes without signing off, as a client whose network is gone: the edge ends its registration after its time of grace.
    /// </summary>
    public ValueTask AbandonAsync()
    {
        _isRegistered = false;
        return DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Agent is not null)
        {
            if (_isRegistered) await _timeline.StepAsync("deregister", DeregisterAsync, agreed => agreed ? "" : "no answer");
            await Agent.DisposeAsync();
            Agent = null;
        }

        // After the farewell, which shows the token.
        if (_keeper is not null) await _keeper.DisposeAsync();
        _keeper = null;
    }

    string NoCredential =>
        Agent?.Withheld is { } reason
            ? $"The edge gave no TURN credential: {AccessAnswer.Shown(reason)}."
            : $"The edge gave no TURN credential ({_plan.Agent?.CredentialRequest ?? "none was asked for"}).";

    async Task GetAccessAsync(AccessPlan tokens, CancellationToken stop)
    {
        _keeper = await AccessKeeper.BeginAsync(tokens, _plan.Trust, _timeline, stop);
        _turnTokens = _keeper.TurnTokens();
        _keeper.Start(token =>
        {
            if (_plan.Agent is { Password: null }) Agent?.UseToken(token);
        });
    }

    /// <summary>Who signs in: with a token where there is one, and under the identity that came with it.</summary>
    UserAgentSettings Settings()
    {
        if (_keeper is null || _plan.Agent!.Password is not null) return _plan.Agent!;
        return _plan.Agent with
        {
            Identity = _keeper.Grant.Identity ?? _plan.Agent.Identity, Token = _keeper.Grant.Token,
            CanRenewToken = _keeper.CanRenew,
        };
    }

    async Task SignInAsync(CancellationToken stop)
    {
        var settings = Settings();
        Agent = await _timeline.StepAsync(
            "connect", () => WicAgent.ConnectAsync(_plan.Server!, _plan.Trust, settings, _timeline, stop), _ => $"{_plan.Server}");
        if (_keeper is not null) Agent.OnChallenge = _keeper.AnswerAsync;
        (_, Credential) = await _timeline.StepAsync(
            "register",
            () => Agent.RegisterAsync(stop),
            answer => $"{Agent.Identity} for {answer.Expires.TotalSeconds:0} s; "
                + (answer.Credential is { } credential ? $"{credential}" : "no TURN credential"));
        _isRegistered = true;
    }

    /// <summary>The user may have lost patience; the farewell is still said, and not waited for long.</summary>
    async Task<bool> DeregisterAsync()
    {
        using var patience = new CancellationTokenSource(Farewell);
        try
        {
            return await Agent!.DeregisterAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
