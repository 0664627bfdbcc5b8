using Portunus.Credentials;

namespace Portunus.Nodes.Wic;

/// <summary>
/// TURN tokens of a WAF for one server (RFC 7635), the newest held for further relays of it. For one relay after the other.
/// </summary>
public sealed class TurnTokens
{
    readonly WafAccess _waf;
    readonly AccessKeeper _keeper;
    readonly Timeline _timeline;

    readonly bool _reconnects;

    internal TurnTokens(WafAccess waf, AccessKeeper keeper, string? server, bool reconnects, Timeline timeline) =>
        (_waf, _keeper, Server, _reconnects, _timeline) = (waf, keeper, server, reconnects, timeline);

    /// <summary>Null until a 401 said it: then a token cannot be had beforehand.</summary>
    public string? Server { get; set; }

    /// <summary>The newest.</summary>
    public IssuedToken? Held { get; private set; }

    /// <summary>What may be behind a refusal; null for nothing that can be seen here.</summary>
    internal string? ClocksApart => _waf.ClocksApart;

    /// <summary>Fetches one, as a step.</summary>
    /// <exception cref="RefusedException">The WAF gives none; its words say why.</exception>
    public async Task<IssuedToken> FetchAsync(CancellationToken stop)
    {
        if (_reconnects) _waf.Http.Disconnect();
        return Held = await _waf.TurnTokenAsync(_keeper.Grant.Token, Server!, stop);
    }

    /// <summary>Has the next one at half of the life of each, and hands it on; ends with <paramref name="over"/>.</summary>
    internal Task KeepAsync(Action<IssuedToken> onFresh, CancellationToken over)
    {
        var lifetime = TimeSpan.FromSeconds(Held!.Lifetime);
        return Renewal.RunAsync(
            lifetime / 2, lifetime, _timeline,
            async stop =>
            {
                var fresh = await FetchAsync(stop);
                onFresh(fresh);
                var life = TimeSpan.FromSeconds(fresh.Lifetime);
                return (life / 2, life);
            },
            over);
    }
}
