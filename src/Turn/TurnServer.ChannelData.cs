using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>RFC 8656 §12.6: the five-tuple is the authority; neither channel nor permission is refreshed.</summary>
    Forward OnChannelData(Instant now, in ClientPath path, ReadOnlySpan<byte> message)
    {
        if (!ChannelData.TryParse(message, out var data)) return Forward.Drop(DropReason.Malformed);
        if (!TryGetAllocation(now, path, out var allocation)) return Unowned(now, path, message.Length);
        Show(now, allocation, path);
        if (!allocation.TryGetChannel(now, data.Channel, out var channel)) return Forward.Drop(DropReason.NoChannel);
        if (!channel.Admission.Stands) return Forward.Drop(DropReason.ForbiddenPeer);
        return ToPeer(now, allocation, channel.Peer, new(ChannelData.HeaderLength, data.Payload.Length), dontFragment: false);
    }

    Forward ToPeer(Instant now, Allocation allocation, in TransportAddress peer, PayloadRange payload, bool dontFragment)
    {
        // RFC 6062 §3: the control connection "only allows TURN messages and not application data".
        if (allocation.IsTcp || allocation.AddressFor(now, peer) is not { } relayed) return Forward.Drop(DropReason.NoRelay);
        if (IsPoliced(now, allocation, RelayDirection.ToPeer, payload.Length)) return Forward.Drop(DropReason.PolicedToPeer);
        allocation.Traffic.CountToPeer(payload.Length);
        Counters.By(allocation.Path).Traffic.CountToPeer(payload.Length);
        return Forward.ToPeer(relayed.Relay, _names.Inner(peer), payload, dontFragment);
    }
}
