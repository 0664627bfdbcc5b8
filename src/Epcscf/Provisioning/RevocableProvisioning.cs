using Portunus.Bedrock;

namespace Portunus.Epcscf;

/// <summary>
/// A way of which the TURN servers are told nothing when it gives (Approach 1, tokens of RFC 7635), and all the same when a
/// registration ends: the revocation feed, which is an interface more.
/// </summary>
/// <param name="way">Gives the credentials.</param>
/// <param name="sites">All TURN servers that take them.</param>
public sealed class RevocableProvisioning(IProvisioning way, TurnSites sites) : IProvisioning
{
    /// <summary>Clocks differ, and a token counts <see cref="Credentials.AccessToken.Delta"/> longer than it says.</summary>
    static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    /// <summary>What began on a time-limited credential may outlive it by the longest lifetime of an allocation.</summary>
    static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    /// <summary>For servers that do not answer at once, of a credential that is over itself.</summary>
    static readonly TimeSpan LeastPatience = TimeSpan.FromMinutes(1);

    /// <summary>What it makes revocable.</summary>
    public IProvisioning Way => way;

    public Provision Provide(Instant now, CredentialWish wish) => way.Provide(now, wish);

    public IReadOnlyList<EdgeEffect.Withdraw> Withdraw(string opaque) => way.Withdraw(opaque);

    /// <summary>Which servers a client went to nobody knows: all are told.</summary>
    public IReadOnlyList<EdgeEffect.Revoke> Revoke(Instant now, string opaque, Instant until)
    {
        if (now > until + LongestRest) return [];
        var end = (until > now + LeastPatience ? until : now + LeastPatience) + Slack;
        return [.. sites.ByRealm.Select(realm =>
            new EdgeEffect.Revoke(realm.Key, opaque, end.UnixSeconds + 1, [.. realm.Select(site => site.Name)]))];
    }
}
