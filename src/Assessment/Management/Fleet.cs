using System.Collections.Immutable;

namespace Portunus.Assessment.Management;

/// <summary>
/// N WAFs, M TURN servers and P eP-CSCFs of one solution, configured with each other. After each change every node is given the
/// configuration that it should have, and those whose configuration differs from what they had are the sites that were touched.
/// </summary>
/// <param name="way">The solution, and how it has its keys.</param>
/// <param name="number">Of the fleet: in the names of its TURN servers, so that no WAF has keys with them before.</param>
/// <param name="wafs">Starts the WAF of a number, or has it.</param>
/// <param name="authority">The operator's.</param>
sealed partial class Fleet(FleetWay way, int number, Func<int, Task<WafSite>> wafs, FleetAuthority authority) : IAsyncDisposable
{
    public const string Realm = "ims.example.net";

    /// <summary>Control addresses are known once a listener runs, and then go to who uses them: so many rounds are enough.</summary>
    const int MostRounds = 4;

    readonly KeyRing _ring = new();
    readonly List<WafSite> _wafs = [];
    readonly List<TurnSite> _turns = [];
    readonly List<EdgeSite> _edges = [];

    public FleetWay Way => way;

    public FleetSize Size => new(_wafs.Count, _turns.Count, _edges.Count);

    public IReadOnlyList<WafSite> Wafs => _wafs;

    public IReadOnlyList<TurnSite> Turns => _turns;

    public IReadOnlyList<EdgeSite> Edges => _edges;

    IEnumerable<Site> Sites => [.. _wafs, .. _turns, .. _edges];

    /// <summary>Secrets, certificates and authorities in the configurations of all nodes.</summary>
    public int Installed => Sites.SelectMany(site => site.Items)
        .Count(item => item.Kind is ItemKind.Secret or ItemKind.Certificate or ItemKind.Root);

    /// <summary>Keys that open TURN tokens and that a node outside the operator has, too.</summary>
    public int Outside => way.IsThirdParty
        ? _wafs.Sum(waf => waf.Items.Count(item => item.Kind == ItemKind.Secret)) + _turns.Sum(turn => turn.Fetched.Count)
        : 0;

    /// <summary>Adds nodes, or takes the last ones away.</summary>
    /// <param name="size">From now on.</param>
    /// <param name="isAnew">Whether eP-CSCFs may begin anew before: nothing is measured.</param>
    /// <returns>The sites that were touched, new ones included; of those that went away nothing is said.</returns>
    public async Task<IReadOnlySet<Site>> ResizeAsync(FleetSize size, bool isAnew = false)
    {
        // A listener that nobody is connected to stops at once.
        if (isAnew) foreach (var edge in _edges) await edge.DisposeAsync();
        // A WAF goes on in other fleets; it forgets this one.
        foreach (var gone in Surplus(_wafs, size.Wafs)) gone.Use(WafConfig.None);
        foreach (var gone in Surplus(_edges, size.Edges)) await gone.DisposeAsync();
        foreach (var gone in Surplus(_turns, size.Turns)) await gone.DisposeAsync();
        while (_wafs.Count < size.Wafs)
        {
            var waf = await wafs(_wafs.Count);
            waf.BeginAnew(way.IsThirdParty ? waf.Domain : authority);
            _wafs.Add(waf);
        }

        while (_turns.Count < size.Turns) _turns.Add(new($"turn{_turns.Count + 1}{Domain}", way, authority));
        while (_edges.Count < size.Edges) _edges.Add(new($"epcscf{_edges.Count + 1}.{Realm}", way, authority));
        return await ReconfigureAsync();
    }

    /// <summary>One key is drawn anew, or one certificate where there are no keys; by hand.</summary>
    /// <returns>The sites that were touched.</returns>
    public Task<IReadOnlySet<Site>> RotateAsync()
    {
        if (way.IsOAuth && !way.IsAutomatic) _ring.RotateKey(Pair(_wafs[0], _turns[0]));
        if (way.Way.Solution == "A1") _ring.RotateSecret(Realm);
        if (way.Way.Solution == "Combined") _ring.RotateKey(_turns[0].Name);
        if (way.IsTold) _ring.RotateCertificate($"{_edges[0].Name} client");
        return ReconfigureAsync();
    }

    /// <summary>The end of a rotation: nobody has the old key any more.</summary>
    /// <returns>The sites that were touched.</returns>
    public Task<IReadOnlySet<Site>> RetireAsync()
    {
        _ring.Retire();
        return ReconfigureAsync();
    }

    public async ValueTask DisposeAsync() => await ResizeAsync(new(0, 0, 0), isAnew: true);

    string Domain => $".fleet{number}.{Realm}";

    async Task<IReadOnlySet<Site>> ReconfigureAsync()
    {
        var touched = new HashSet<Site>();
        for (var round = 0; round < MostRounds; round++)
        {
            // Whoever opens what is new is first, whoever makes it last; and a WAF that gives keys before who fetches them.
            var changed = (way.IsAutomatic ? await UseAsync(_wafs, ConfigOf, Use, touched) : 0)
                + await UseAsync(_turns, ConfigOf, (turn, config) => turn.UseAsync(config), touched)
                + await UseAsync(_edges, ConfigOf, (edge, config) => edge.UseAsync(config), touched)
                + await UseAsync(_wafs, ConfigOf, Use, touched);
            if (changed == 0) break;
        }

        return touched;

        static Task Use(WafSite waf, WafConfig config)
        {
            waf.Use(config);
            return Task.CompletedTask;
        }
    }

    /// <summary>Gives nodes of one kind the configuration that they should have.</summary>
    /// <returns>How many had another one.</returns>
    static async Task<int> UseAsync<TSite, TConfig>(
        IReadOnlyList<TSite> sites, Func<TSite, TConfig> configOf, Func<TSite, TConfig, Task> use, HashSet<Site> touched)
        where TSite : Site
        where TConfig : ISiteConfig
    {
        var changed = sites.Select(site => (Site: site, Config: configOf(site)))
            .Where(one => !one.Site.Items.SetEquals(one.Config.Items)).ToArray();
        await Task.WhenAll(changed.Select(one => use(one.Site, one.Config)));
        foreach (var (site, _) in changed) touched.Add(site);
        return changed.Length;
    }

    static string Pair(WafSite waf, TurnSite turn) => $"{waf.Name} {turn.Name}";

    static ImmutableArray<T> Surplus<T>(List<T> all, int most)
    {
        ImmutableArray<T> surplus = [.. all.Skip(most)];
        if (surplus.Length > 0) all.RemoveRange(most, surplus.Length);
        return surplus;
    }
}
