using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>RFC 8656 §11.2: an indication is never authenticated, and all that is wrong with it is silence.</summary>
    Forward OnSend(Instant now, in ClientPath path, scoped in StunMessage message)
    {
        if (!TryGetAllocation(now, path, out var allocation)) return Unowned(now, path, message.Bytes.Length);
        // RFC 8489 §6.3.2. Where the DF bit cannot be set, DONT-FRAGMENT is not among the understood.
        if (message.FindUnknown(_understood, _unknown) > 0) return Forward.Drop(DropReason.UnknownAttribute);
        if (message.ReadXorPeerAddress(out var peer) != Reading.Present) return Forward.Drop(DropReason.Malformed);
        if (message.ReadData(out var data) != Reading.Present) return Forward.Drop(DropReason.Malformed);
        var dontFragment = message.ReadDontFragment();
        if (dontFragment == Reading.Malformed) return Forward.Drop(DropReason.Malformed);
        Show(now, allocation, path);
        if (!allocation.Permits(now, peer)) return Forward.Drop(DropReason.NoPermission);
        if (!_peers.Allows(peer, allocation.Owner.Allowance)) return Forward.Drop(DropReason.ForbiddenPeer);
        var (offset, length) = data.GetOffsetAndLength(message.Bytes.Length);
        return ToPeer(now, allocation, peer, new(offset, length), dontFragment == Reading.Present && Obeys(path, peer));
    }

    /// <summary>RFC 8656 §13.1 to §13.3: between families, and to IPv6, "the DONT-FRAGMENT attribute MUST be ignored by the
    /// server"; §15: from a stream to IPv4 it counts.</summary>
    static bool Obeys(in ClientPath path, in TransportAddress peer) =>
        peer.Family == IPFamily.IPv4 && (path.IsStream || path.FiveTuple.Client.Family == IPFamily.IPv4);
}
