using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>
    /// A peer has connected to a relayed address (RFC 6062 §5.3): a ConnectionAttempt indication for the client, or a drop, after which
    /// the connection is to be closed at once.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="relay">To which it came.</param>
    /// <param name="peer">From where.</param>
    /// <param name="head">Takes the indication.</param>
    /// <param name="id">By what the connection is known from now on; says nothing at a drop.</param>
    public Forward OnPeerConnection(Instant now, RelayId relay, in TransportAddress peer, Span<byte> head, out ConnectionId id)
    {
        var forward = FromPeerConnection(now, relay, peer, head, out id);
        if (forward.Kind == ForwardKind.Drop) CountDrop(relay, forward.Reason);
        return forward;
    }

    Forward FromPeerConnection(Instant now, RelayId relay, in TransportAddress source, Span<byte> head, out ConnectionId id)
    {
        id = default;
        if (_relays.Find(relay) is not { Allocation.IsTcp: true } relayed || !relayed.IsLive(now)) return Forward.Drop(DropReason.NoRelay);
        var allocation = relayed.Allocation;
        if (allocation.IsLost) return Forward.Drop(DropReason.NoClient);
        var peer = KnownAs(now, allocation, source);
        // "If no permission for this peer has been installed for this allocation, the server MUST close the connection".
        if (!allocation.Permits(now, peer)) return Forward.Drop(DropReason.NoPermission);
        if (!_peers.Allows(peer, allocation.Owner.Allowance, isTcp: true)) return Forward.Drop(DropReason.ForbiddenPeer);
        if (!HasRoomForConnection(allocation) || allocation.Connections.ContainsKey(peer))
            return Forward.Drop(DropReason.TooManyConnections);
        var connection = new PeerConnection(_connections.NewId(_random), relayed, peer);
        _connections.Add(connection);
        _connections.AwaitBind(now, connection);
        Counters.PeerConnectionsBegan++;
        id = connection.Id;
        var writer = new StunWriter(head, StunClass.Indication, StunMethod.ConnectionAttempt, TransactionId.Draw(_random));
        writer.AddXorAddress(AttributeType.XorPeerAddress, peer);
        writer.AddConnectionId(id.Value);
        return Forward.ToClient(allocation.Path, writer.Length);
    }
}
