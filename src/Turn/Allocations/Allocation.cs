using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>One allocation (RFC 8656 §6): a client's path, one relayed address or two, who it belongs to, its permissions and
/// channels.</summary>
/// <remarks>
/// Permissions and channels end by being looked at: each carries its expiry and counts for nothing from then on. What has
/// ended is swept out when a table is full, so memory is bounded without a timer for each.
/// </remarks>
sealed partial class Allocation(ClientPath path, RelayLease lease, TransactionId transaction, Caller owner)
{
    readonly Dictionary<TransportAddress, Permission> _permissions = [];
    readonly Dictionary<ChannelNumber, Channel> _channels = [];
    readonly Dictionary<TransportAddress, Channel> _channelsByPeer = [];

    /// <summary>Relayed so far; one writer.</summary>
    public Traffic Traffic;

    /// <summary>Null where nothing limits its bandwidth.</summary>
    public Policer? Policer { get; set; }

    public RelayLease Lease { get; } = lease;

    /// <summary>Of the Allocate request; the same again is a retransmission (RFC 8656 §7.2).</summary>
    public TransactionId Transaction { get; } = transaction;

    /// <summary>Whose credential opened it; all that follows must come from the same (RFC 8656 §5), until it is
    /// adopted.</summary>
    public Caller Owner { get; private set; } = owner;

    /// <summary>The token before the owner's: requests that were under way, or whose answers were lost, still come by
    /// it.</summary>
    public Caller? Former { get; private set; }

    /// <summary>The token given out with it, for its retransmitted response; 0 without.</summary>
    public ulong Token { get; set; }

    /// <summary>Whether its requests may come from a caller. RFC 8656 §5: the same username, else 441; but RFC 7635 §9 wants a
    /// new token, under a kid that may be new as well, to refresh existing allocations. Of another realm it takes none.</summary>
    public bool Takes(Caller caller) =>
        caller.Subject.Kind == Owner.Subject.Kind && caller.Subject.Realm == Owner.Subject.Realm
        && (caller.Token is not null || caller.Username.Equals(Owner.Username));

    /// <summary>From now on it belongs to a caller that it takes.</summary>
    public void Adopt(Caller caller)
    {
        (Former, Owner) = (caller.Token is null ? null : Owner, caller);
        // Permissions are judged with every datagram, channels when they are bound.
        foreach (var channel in _channels.Values)
            if (caller.Allowance?.Admits(channel.Peer) == false)
                Unbind(channel);
    }

    public bool TryGetChannel(Instant now, ChannelNumber number, [NotNullWhen(true)] out Channel? channel) =>
        _channels.TryGetValue(number, out channel) && channel.IsLive(now);

    public bool TryGetChannel(Instant now, in TransportAddress peer, [NotNullWhen(true)] out Channel? channel) =>
        _channelsByPeer.TryGetValue(peer, out channel) && channel.IsLive(now);

    /// <summary>RFC 8656 §9: only addresses are compared, port numbers are not considered.</summary>
    public bool Permits(Instant now, in TransportAddress peer) =>
        _permissions.TryGetValue(peer.WithPort(0), out var permission) && permission.IsLive(now);

    /// <summary>Whether there is room for permissions to these addresses, of which some may be there already.</summary>
    public bool HasRoomFor(Instant now, ReadOnlySpan<TransportAddress> peers, int limit)
    {
        var count = CountNew(peers);
        if (count == 0 || _permissions.Count + count <= limit) return true;
        Sweep(now);
        // A permission that was swept out is new again.
        return _permissions.Count + CountNew(peers) <= limit;
    }

    /// <summary>Installs or refreshes a permission (RFC 8656 §9).</summary>
    public Permission Permit(Instant now, in TransportAddress peer)
    {
        var address = peer.WithPort(0);
        if (!_permissions.TryGetValue(address, out var permission)) _permissions.Add(address, permission = new());
        permission.ExpiresAt = now + Permission.Lifetime;
        return permission;
    }

    /// <summary>Whether there is room for one more channel.</summary>
    public bool HasRoomForChannel(Instant now, int limit)
    {
        if (_channels.Count < limit) return true;
        Sweep(now);
        return _channels.Count < limit;
    }

    /// <summary>Binds or refreshes a channel and its permission (RFC 8656 §12.2).</summary>
    public void Bind(Instant now, ChannelNumber number, in TransportAddress peer, Admission admission)
    {
        if (!TryGetChannel(now, number, out var channel))
        {
            // What is still in the tables under this number or this peer has ended.
            if (channel is not null) Unbind(channel);
            if (_channelsByPeer.TryGetValue(peer, out var other)) Unbind(other);
            channel = new(number, peer, Permit(now, peer), admission);
            channel.Permission.Channels++;
            _channels.Add(number, channel);
            _channelsByPeer.Add(peer, channel);
        }

        channel.ExpiresAt = now + Channel.Lifetime;
        Permit(now, peer);
    }

    /// <summary>Takes out what has ended.</summary>
    void Sweep(Instant now)
    {
        foreach (var channel in _channels.Values)
            if (!channel.IsLive(now))
                Unbind(channel);
        foreach (var (address, permission) in _permissions)
            if (!permission.IsLive(now) && permission.Channels == 0)
                _permissions.Remove(address);
    }

    void Unbind(Channel channel)
    {
        channel.Permission.Channels--;
        _channels.Remove(channel.Number);
        _channelsByPeer.Remove(channel.Peer);
    }

    int CountNew(ReadOnlySpan<TransportAddress> peers)
    {
        var count = 0;
        for (var i = 0; i < peers.Length; i++)
            if (!_permissions.ContainsKey(peers[i]) && !peers[..i].Contains(peers[i]))
                count++;
        return count;
    }
}
