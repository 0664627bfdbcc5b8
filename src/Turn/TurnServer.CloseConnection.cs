using Portunus.Bedrock;

namespace Portunus.Turn;

// How connections with peers end (RFC 6062 §5.5): by whoever lost or closed a half, with their allocation, or by other rules for peers.
public sealed partial class TurnServer
{
    /// <summary>The outside has lost a connection with a peer, or the peer or the client has ended it.</summary>
    public void OnPeerClosed(Instant now, ConnectionId id)
    {
        if (_connections.Find(id) is { } connection) Close(connection);
    }

    /// <summary>Both halves of it are over, however far it had come.</summary>
    void Close(PeerConnection connection)
    {
        if (connection.State == PeerConnectionState.Connecting) _questions.TryClose(connection.Ask, out _);
        if (connection.State is PeerConnectionState.Unbound or PeerConnectionState.Bound) Counters.PeerConnectionsEnded++;
        _connections.Remove(connection);
        _effects.Enqueue(new TurnEffect.ClosePeer(connection.Id));
    }

    /// <summary>RFC 6062 §5.5: "If the allocation associated with a data connection expires, the data connection MUST be
    /// closed."</summary>
    void CloseConnections(RelayedAddress relayed)
    {
        if (relayed.Allocation.Connections.Count == 0) return;
        foreach (var connection in relayed.Allocation.Connections.Values.Where(one => one.Relayed == relayed).ToArray()) Close(connection);
    }

    /// <summary>Ends connections with those that are no peers any more: other rules, or another credential's limits.</summary>
    void RecheckConnections(Allocation allocation)
    {
        foreach (var connection in allocation.Connections.Values.ToArray())
            if (!_peers.Allows(connection.Peer, allocation.Owner.Allowance, isTcp: true))
                Close(connection);
    }
}
