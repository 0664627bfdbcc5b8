namespace Portunus.Assessment.Management;

// What each node has to know of the others, by the solution.
sealed partial class Fleet
{
    const string AllOfDomain = "*";

    WafConfig ConfigOf(WafSite waf)
    {
        if (!way.IsOAuth) return WafConfig.None;
        return way.IsAutomatic
            ? new([], AllOfDomain + Domain, authority.Name)
            : new([.. _turns.Select(turn => (turn.Name, _ring.Keys(Pair(waf, turn))[^1]))], null, "");
    }

    TurnConfig ConfigOf(TurnSite turn) => way switch
    {
        { IsOAuth: true, IsAutomatic: true } when _wafs.Count > 0 => new()
        {
            Sources = [.. _wafs.Select(waf => (waf.Name, waf.KeysUrl, waf.Signer))], Shown = (null, ClientOf(turn)),
        },
        { IsOAuth: true, IsAutomatic: false } => new() { Keys = [.. _wafs.SelectMany(waf => _ring.Keys(Pair(waf, turn)))] },
        { Way.Solution: "A1" } => new() { Secrets = _ring.Secrets(Realm) },
        { Way.Solution: "Combined" } => new() { Keys = _ring.Keys(turn.Name) },
        { IsTold: true } when _edges.Count > 0 => new()
        {
            Writers = [.. _edges.Select(edge => edge.Name)],
            Asked = way.IsPull ? [.. _edges.Select(edge => edge.Asked).OfType<Nodes.Transfer.FinderTarget>()] : [],
            Shown = (ServerOf(turn), way.IsPull ? ClientOf(turn) : null),
            Authority = authority.Name,
        },
        _ => new(),
    };

    EdgeConfig ConfigOf(EdgeSite edge) => way switch
    {
        { Way.Solution: "A1" } => new()
        {
            Secrets = [_ring.Secrets(Realm)[^1]], Servers = [.. _turns.Select(turn => (turn.Name, (Uri?)null))],
        },
        { Way.Solution: "Combined" } => new()
        {
            Keys = [.. _turns.Select(turn => (turn.Name, _ring.Keys(turn.Name)[^1]))],
            Servers = [.. _turns.Select(turn => (turn.Name, (Uri?)null))],
        },
        { IsTold: true } when _turns.Any(turn => turn.Control is not null) => new()
        {
            Servers = [.. _turns.Where(turn => turn.Control is not null).Select(turn => (turn.Name, turn.Control))],
            Readers = way.IsPull ? [.. _turns.Where(turn => turn.Control is not null).Select(turn => turn.Name)] : [],
            Shown = (way.IsPull ? ServerOf(edge) : null, ClientOf(edge)),
            Authority = authority.Name,
        },
        _ => new(),
    };

    string ServerOf(Site site) => _ring.Certificate($"{site.Name} server");

    string ClientOf(Site site) => _ring.Certificate($"{site.Name} client");
}
