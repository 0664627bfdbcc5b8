using Portunus.Credentials;
using Portunus.Sip;

namespace Portunus.Nodes.Wic;

/// <summary>
/// Holds a client's access token, has the next one before it ends, and has TURN tokens for it. Gives back what was lent when
/// disposed of.
/// </summary>
sealed class AccessKeeper : IAsyncDisposable
{
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);


    readonly AccessPlan _plan;
    readonly Timeline _timeline;
    readonly SemaphoreSlim _gate = new(1);
    readonly CancellationTokenSource _over = new();
    readonly AccessHttp? _site;
    readonly WafAccess? _waf;
    readonly ITokenSource _source;
    Task _renewal = Task.CompletedTask;
    AccessGrant? _grant;

    AccessKeeper(AccessPlan plan, W2Trust trust, Timeline timeline, WafAccess? waf)
    {
        (_plan, _timeline, _waf) = (plan, timeline, waf);
        if (plan.Site is not null) _site = new(trust, "--wwsf", "the site");
        _source = plan switch
        {
            { Site: { } site } => new LeaseSignIn(site, plan.SiteUser, plan.SitePassword, _site!, timeline),
            { ClientSecret: { } secret } => new ClientSignIn(waf!, plan.Client!, secret, plan.Token, plan.Scope),
            { Token: { } token } => new GivenToken(token),
            { User: { } user } => Code(new LoginForm(waf!.Http, user, plan.Password!, timeline)),
            _ => Code(new BrowserLogin(plan.Show, timeline)),
        };

        CodeSignIn Code(ILoginPages pages) => new(waf!, plan.Client!, plan.Redirect, plan.Scope, pages);
    }

    public AccessGrant Grant => _grant!;

    /// <summary>Whether a token that is refused can be replaced.</summary>
    public bool CanRenew => _source.CanRenew;

    /// <summary>Signs in.</summary>
    /// <exception cref="RefusedException">It could not; the sentence says why.</exception>
    public static async Task<AccessKeeper> BeginAsync(AccessPlan plan, W2Trust trust, Timeline timeline, CancellationToken stop)
    {
        var waf = plan.Waf is { } issuer ? await WafAccess.DiscoverAsync(issuer, trust, timeline, stop) : null;
        var keeper = new AccessKeeper(plan, trust, timeline, waf);
        try
        {
            keeper._grant = await keeper._source.FetchAsync(stop);
            return keeper;
        }
        catch
        {
            await keeper.DisposeAsync();
            throw;
        }
    }

    /// <summary>A fresh token now.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public async Task<AccessGrant> RenewAsync(CancellationToken stop)
    {
        var old = _grant;
        await _gate.WaitAsync(stop);
        try
        {
            // Another was quicker.
            if (_grant != old) return Grant;
            var fresh = await _source.FetchAsync(stop);
            if (fresh.Identity is { } now && old?.Identity is { } before && now.AddressOfRecord != before.AddressOfRecord)
                throw new RefusedException($"The lease of {before} is lost: the site lends {now} now.");
            return _grant = fresh;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>From now on each token has its successor at half of its life.</summary>
    public void Start(Action<string> onFresh) => _renewal = RenewInTimeAsync(onFresh);

    /// <summary>An edge asks for a token: it gets one if it asks for those of our WAF.</summary>
    /// <exception cref="RefusedException">There is none, or none for this edge.</exception>
    public async Task<string> AnswerAsync(BearerChallenge challenge)
    {
        // RFC 8898 §2.1: a client gets tokens where it is set up to, not where a challenge sends it.
        if (_plan.Waf is { } waf && challenge.AuthorizationServer is { } server
            && (!Uri.TryCreate(server, UriKind.Absolute, out var named) || named != waf))
            throw new RefusedException(
                $"The edge wants a token of {AccessAnswer.Shown(server)}, and --waf is {waf}: it is asked for none.");
        if (challenge.Error == BearerChallenge.InvalidScope)
            throw new RefusedException(
                $"The edge wants a token with the scope {AccessAnswer.Shown(challenge.Scope ?? "of another kind")}; "
                + "ask by --waf-scope.");
        return (await RenewAsync(_over.Token)).Token;
    }

    /// <summary>Where TURN tokens come from; null when an edge gives the credentials.</summary>
    public TurnTokens? TurnTokens() => _plan.RelaysByWaf ? new(_waf!, this, _plan.TurnServer, _plan.ReconnectsForTurn, _timeline) : null;

    /// <summary>What may be behind a refusal of a token: clocks that are apart; null when they are not.</summary>
    public string? ClocksApart => _waf?.ClocksApart;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _renewal;
        if (_grant is { } last)
            try
            {
                using var patience = new CancellationTokenSource(Farewell);
                await _source.EndAsync(last, patience.Token);
            }
            catch (Exception e) when (e is RefusedException or OperationCanceledException)
            {
                // The timeline tells; what was lent ends by its time.
            }

        _waf?.Dispose();
        _site?.Dispose();
        _over.Dispose();
        _gate.Dispose();
    }

    Task RenewInTimeAsync(Action<string> onFresh) => Renewal.RunAsync(
        Grant.RenewIn, Grant.Lifetime, _timeline,
        async stop =>
        {
            var fresh = await RenewAsync(stop);
            onFresh(fresh.Token);
            return (fresh.RenewIn, fresh.Lifetime);
        },
        _over.Token);
}
