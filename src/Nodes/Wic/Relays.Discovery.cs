using Portunus.Wic;

namespace Portunus.Nodes.Wic;

// Servers that nobody named (RFC 8155).
public sealed partial class Relays
{
    TurnServerAddress? _found;

    /// <summary>
    /// Local configuration first, then one way to find servers after the other, until one gives a relay (RFC 8155 §3). Where one did,
    /// the next relay is asked for, too.
    /// </summary>
    async Task<OpenRelay> DiscoverAsync(TurnAccess access, DiscoveryPlan plan, string step, CancellationToken stop)
    {
        var patient = access with { Patience = plan.Patience };
        if (_found is not null) return await OpenAsync([_found], patient, step, stop);
        RefusedException? named = null;
        if (access.Uris.Count > 0)
            try
            {
                return await OpenAsync(await ResolveAsync(access.Uris, stop), access, step, stop);
            }
            catch (RefusedException refused)
            {
                named = refused;
            }

        string? withheld = null;
        var finder = new TurnFinder(dns, plan, From, Spoken);
        List<TurnServerAddress> asked = [];
        foreach (var way in plan.Ways())
        {
            var (servers, strangers) = await timeline.StepAsync(
                "find",
                async () => Judge(way, (await finder.FindAsync(way, stop)).Except(asked), plan.Trust, access.IsGuessable),
                found => Says(way, found.Servers, found.Strangers));
            if (strangers.Count > 0) withheld ??= $"{strangers[0].Address}";
            foreach (var server in servers)
                try
                {
                    asked.Add(server);
                    var relay = await OpenAsync([server], patient, step, stop);
                    _found = server;
                    return relay;
                }
                catch (RefusedException)
                {
                    // The timeline tells; the next may do.
                }
        }

        throw new RefusedException(Sentence(named, withheld), named);
    }

    static (List<TurnServerAddress> Servers, List<TurnServerAddress> Strangers) Judge(
        DiscoveryWay way, IEnumerable<TurnServerAddress> found, DiscoveryTrust trust, bool isGuessable)
    {
        var judged = found.ToLookup(server => trust.MayAsk(way, server, isGuessable));
        return ([.. judged[true]], [.. judged[false]]);
    }

    static string Says(DiscoveryWay way, List<TurnServerAddress> servers, List<TurnServerAddress> strangers)
    {
        if (servers.Count + strangers.Count == 0) return $"{way}: none";
        var held = strangers.Count == 0 ? "" : $" not trusted, not asked: {string.Join(' ', strangers)}";
        return $"{way}: {string.Join(' ', servers)}{held}".Replace(":  ", ": ", StringComparison.Ordinal);
    }

    static string Sentence(RefusedException? named, string? withheld)
    {
        var why = withheld is null
            ? "No TURN server was found that gives a relay (RFC 8155)."
            : $"No TURN server was found that gives a relay (RFC 8155), and a password or secret is not shown to {withheld}, which "
                + "only the network names; give --turn-trust with its network, or name it with --turn.";
        return named is null ? why : $"{named.Message} {why}";
    }
}
