using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>RFC 8656 §10.2: all peers of the request, or none.</summary>
    Forward OnCreatePermission(scoped in Request request, Allocation allocation)
    {
        if (!TryReadPeers(request.Message, out var count) || count == 0) return Error(request, ErrorCode.BadRequest);
        // Also where some are the same: what is compared with each other stays few.
        if (count > _settings.MaxPermissions) return Error(request, ErrorCode.InsufficientCapacity);
        var peers = _peersRead.AsSpan(0, count);
        foreach (ref readonly var peer in peers)
            if (_peers.Refusal(allocation.Has(request.Now, peer.Family), peer, allocation.Owner.Allowance) is { } refusal)
                return Error(request, refusal);
        if (!allocation.HasRoomFor(request.Now, peers, _settings.MaxPermissions))
            return Error(request, ErrorCode.InsufficientCapacity);
        foreach (ref readonly var peer in peers) allocation.Permit(request.Now, peer);
        var writer = Success(request);
        return Finish(request, ref writer);
    }

    /// <summary>The addresses of all XOR-PEER-ADDRESS attributes; ports are ignored. False when one is none.</summary>
    bool TryReadPeers(scoped in StunMessage message, out int count)
    {
        count = 0;
        var transaction = message.TransactionId;
        foreach (var attribute in message)
        {
            if (attribute.Type != AttributeType.XorPeerAddress) continue;
            if (!attribute.TryReadXorAddress(transaction, out var peer)) return false;
            _peersRead[count++] = peer.WithPort(0);
        }

        return true;
    }
}
