using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>
/// The relay addresses of this server that have two names, one on this machine and one outside a NAT. Peers are told the outer one;
/// what goes from relay to relay of this server goes by the inner one, since few NATs send back in what comes from inside.
/// </summary>
sealed class RelayNames(TurnSettings settings)
{
    readonly RelayAddress[] _two = [.. settings.Relays.Where(relay => !relay.Local.SameAddress(relay.Public))];

    /// <summary>Where a datagram to a peer is sent: the peer, or the inner name of the relay that it is.</summary>
    public TransportAddress Inner(in TransportAddress peer)
    {
        foreach (var relay in _two)
            if (relay.Public.SameAddress(peer))
                return relay.Local.WithPort(peer.Port);
        return peer;
    }

    /// <summary>The outer name of a relay of this server that is heard by its inner one; false for all other peers.</summary>
    public bool TryGetOuter(in TransportAddress peer, out TransportAddress outer)
    {
        foreach (var relay in _two)
            if (relay.Local.SameAddress(peer))
            {
                outer = relay.Public.WithPort(peer.Port);
                return true;
            }

        outer = default;
        return false;
    }
}
