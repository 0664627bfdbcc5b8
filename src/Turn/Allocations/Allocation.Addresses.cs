using Portunus.Bedrock;

namespace Portunus.Turn;

// The relayed addresses of an allocation: one, or one of each family (RFC 8656 §7.2 step 9).
sealed partial class Allocation
{
    /// <summary>At least one while it lives, the IPv4 one first.</summary>
    public List<RelayedAddress> Addresses { get; } = new(1);

    /// <summary>Names the allocation for good: the relay of its first address, also after that one ended.</summary>
    public RelayId Id { get; private set; }

    /// <summary>The client asked for an address of each family (ADDITIONAL-ADDRESS-FAMILY).</summary>
    public bool AskedForBoth { get; init; }

    /// <summary>The family that the client asked for in vain, which its response tells; null when it has what it wanted.</summary>
    public IPFamily? Missing { get; private set; }

    public RelayedAddress? Second => Addresses.Count > 1 ? Addresses[1] : null;

    /// <summary>When the last of its addresses ends.</summary>
    public Instant ExpiresAt
    {
        get
        {
            var last = Addresses[0].ExpiresAt;
            return Second is { } second && second.ExpiresAt > last ? second.ExpiresAt : last;
        }
    }

    public bool IsLive(Instant now) => Addresses[0].IsLive(now) || Second?.IsLive(now) == true;

    /// <summary>The relayed address that speaks with a peer; null where there is none of its family.</summary>
    public RelayedAddress? AddressFor(Instant now, in TransportAddress peer)
    {
        var address = Addresses[0].Family == peer.Family ? Addresses[0] : Second;
        return address?.Family == peer.Family && address.IsLive(now) ? address : null;
    }

    public bool Has(Instant now, IPFamily family) =>
        Addresses.Exists(address => address.Family == family && address.IsLive(now));

    /// <summary>Before it lives.</summary>
    public void Add(RelayedAddress address)
    {
        if (Addresses.Count == 0) Id = address.Relay;
        Addresses.Add(address);
        Missing = !AskedForBoth || Addresses.Count > 1 ? null : address.Family == IPFamily.IPv4 ? IPFamily.IPv6 : IPFamily.IPv4;
    }

    /// <summary>Takes out one of two with its permissions and channels; what belongs to the other family stays (RFC 8656
    /// §8.1).</summary>
    public void Remove(RelayedAddress address)
    {
        Addresses.Remove(address);
        foreach (var channel in _channels.Values)
            if (channel.Peer.Family == address.Family)
                Unbind(channel);
        foreach (var peer in _permissions.Keys)
            if (peer.Family == address.Family)
                _permissions.Remove(peer);
    }
}
