using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>
    /// An ICMP error that came back for a datagram of a relay (RFC 8656 §11.5): told to the client in a Data indication, with the ICMP
    /// attribute in the place of data, if it is one of those that §11.5 names and the client let that peer in.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="relay">Whose datagram came to nothing: the source in the packet that the error quotes.</param>
    /// <param name="peer">The destination in the packet that the error quotes, with port 0 where the system does not tell it. Not the
    /// router that speaks.</param>
    /// <param name="error">Of ICMP or ICMPv6, as the peer's family says; the data counts only where the next hop's MTU is told.</param>
    /// <param name="head">Takes the whole indication.</param>
    public Forward OnIcmp(Instant now, RelayId relay, in TransportAddress peer, IcmpError error, Span<byte> head)
    {
        var forward = FromIcmp(now, relay, peer, error, head);
        if (forward.Kind == ForwardKind.Drop) CountDrop(relay, forward.Reason);
        else Counters.IcmpErrors++;
        return forward;
    }

    Forward FromIcmp(Instant now, RelayId relay, in TransportAddress source, IcmpError error, Span<byte> head)
    {
        // "If either of these conditions fail, then the ICMP packet is silently dropped."
        if (!IsTold(source.Family, error.Type)) return Forward.Drop(DropReason.Unexpected);
        if (_relays.Find(relay) is not { } relayed || !relayed.IsLive(now) || relayed.Family != source.Family)
            return Forward.Drop(DropReason.NoRelay);
        var allocation = relayed.Allocation;
        if (allocation.IsLost) return Forward.Drop(DropReason.NoClient);
        var peer = KnownAs(now, allocation, source);
        // "Note that only addresses are compared and port numbers are not considered."
        if (!allocation.Permits(now, peer)) return Forward.Drop(DropReason.NoPermission);
        if (!_peers.AllowsAddress(peer, allocation.Owner.Allowance)) return Forward.Drop(DropReason.ForbiddenPeer);
        // RFC 8656 §12.3: an indication "even if a channel has been bound to the peer".
        var writer = new StunWriter(head, StunClass.Indication, StunMethod.Data, TransactionId.Draw(_random));
        writer.AddXorAddress(AttributeType.XorPeerAddress, peer);
        writer.AddIcmp(TellsMtu(source.Family, error) ? error : error with { Data = 0 });
        return Forward.ToClient(allocation.Path, writer.Length);
    }

    /// <summary>RFC 8656 §11.5: "the type is either 3 or 11 for an ICMPv4 packet or either 1, 2, or 3 for an ICMPv6 packet".</summary>
    static bool IsTold(IPFamily family, byte type) => family == IPFamily.IPv4 ? type is 3 or 11 : type is 1 or 2 or 3;

    /// <summary>RFC 8656 §18.13: "For other ICMPv6 types and ICMPv4 types and codes, the Error Data field MUST be set to
    /// zero."</summary>
    static bool TellsMtu(IPFamily family, IcmpError error) =>
        family == IPFamily.IPv4 ? error is { Type: 3, Code: 4 } : error.Type == 2;
}
