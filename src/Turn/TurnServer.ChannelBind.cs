using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>RFC 8656 §12.2, in the order in which it names the checks.</summary>
    Forward OnChannelBind(scoped in Request request, Allocation allocation)
    {
        var now = request.Now;
        var message = request.Message;
        // RFC 6062 §3: by the control connection of an allocation of TCP no data goes, and so by no channel.
        if (allocation.IsTcp) return Error(request, ErrorCode.BadRequest);
        if (message.ReadChannelNumber(out var number) != Reading.Present) return Error(request, ErrorCode.BadRequest);
        if (message.ReadXorPeerAddress(out var peer) != Reading.Present) return Error(request, ErrorCode.BadRequest);
        if (!number.IsValid) return Error(request, ErrorCode.BadRequest);
        var isBound = allocation.TryGetChannel(now, number, out var bound);
        if (isBound && bound!.Peer != peer) return Error(request, ErrorCode.BadRequest);
        if (!isBound && allocation.TryGetChannel(now, peer, out _)) return Error(request, ErrorCode.BadRequest);
        if (_peers.Refusal(allocation.Has(now, peer.Family), peer, allocation.Owner.Allowance) is { } refusal)
            return Error(request, refusal);
        if (!_peers.TryAdmit(peer, allocation.Owner.Allowance, out var admission)) return Error(request, ErrorCode.Forbidden);
        // A new channel may need a new permission as well.
        if (!allocation.HasRoomFor(now, [peer.WithPort(0)], _settings.MaxPermissions)
            || (!isBound && !allocation.HasRoomForChannel(now, _settings.MaxChannels)))
            return Error(request, ErrorCode.InsufficientCapacity);
        allocation.Bind(now, number, peer, admission);
        var writer = Success(request);
        return Finish(request, ref writer);
    }
}
