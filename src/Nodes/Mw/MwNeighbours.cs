using System.Net;
using Portunus.Bedrock;

namespace Portunus.Nodes.Mw;

/// <summary>Who is a neighbour over Mw: all others are neither heard nor sent to (obligation 56).</summary>
/// <param name="settings">Name ranges and the next hop.</param>
/// <param name="names">Looks the next hop up.</param>
sealed class MwNeighbours(MwSettings settings, MwNames names)
{
    volatile IPAddress[] _nextHop = [];

    /// <summary>Whether a neighbour may say that it has signed a user in.</summary>
    public bool Trusts(IPAddress address)
    {
        if (settings.TrustedNodes is not { } trusted) return true;
        var one = TransportAddress.From(address, 0);
        foreach (var range in trusted)
            if (range.Contains(one)) return true;
        return false;
    }

    /// <summary>Whether it is heard and sent to.</summary>
    public bool Has(IPAddress address)
    {
        var one = TransportAddress.From(address, 0);
        foreach (var range in settings.Neighbours)
            if (range.Contains(one)) return true;
        // While its name is looked up anew, the last answer holds.
        if (settings.NextHop is { } next && names.TryGet(next.Host, out var known)) _nextHop = known;
        return Array.IndexOf(_nextHop, address) >= 0;
    }
}
