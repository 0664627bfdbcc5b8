using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>The largest payload of UDP over IPv4: 65,535 less 20 of IP and 8 of UDP; holds for IPv6, too.</summary>
    const int LongestDatagram = 65507;

    /// <summary>One datagram of a peer at a relay (RFC 8656 §11.3): ChannelData or a Data indication to the client.</summary>
    public Forward OnPeer(Instant now, RelayId relay, in TransportAddress peer, ReadOnlySpan<byte> payload, Span<byte> head)
    {
        var forward = FromPeer(now, relay, peer, payload, head);
        if (forward.Kind == ForwardKind.Drop) CountDrop(relay, forward.Reason);
        return forward;
    }

    Forward FromPeer(Instant now, RelayId relay, in TransportAddress source, ReadOnlySpan<byte> payload, Span<byte> head)
    {
        if (_relays.Find(relay) is not { } relayed || !relayed.IsLive(now)) return Forward.Drop(DropReason.NoRelay);
        var allocation = relayed.Allocation;
        if (allocation.IsLost) return Forward.Drop(DropReason.NoClient);
        var peer = KnownAs(now, allocation, source);
        // RFC 8656 §12.7: a bound channel is always used.
        if (allocation.TryGetChannel(now, peer, out var channel))
            return OverChannel(now, allocation, channel, payload.Length, head);
        if (!allocation.Permits(now, peer)) return Forward.Drop(DropReason.NoPermission);
        if (!_peers.Allows(peer, allocation.Owner.Allowance)) return Forward.Drop(DropReason.ForbiddenPeer);
        return AsData(now, allocation, peer, payload.Length, head);
    }

    /// <summary>The name by which a client knows a peer: another relay of this server by its outer name, if the client let that
    /// in.</summary>
    TransportAddress KnownAs(Instant now, Allocation allocation, in TransportAddress peer) =>
        _names.TryGetOuter(peer, out var outer) && allocation.Permits(now, outer) ? outer : peer;

    void CountDrop(RelayId relay, DropReason reason)
    {
        if (_relays.Find(relay) is { } relayed) Counters.By(relayed.Allocation.Path).CountDrop(reason);
        else Counters.OrphansDropped++;
    }

    /// <summary>RFC 8656 §12.5.</summary>
    Forward OverChannel(Instant now, Allocation allocation, Channel channel, int length, Span<byte> head)
    {
        // A channel outlives its permission where the client refreshes neither (RFC 8656 §9).
        if (!channel.Permission.IsLive(now)) return Forward.Drop(DropReason.NoPermission);
        if (!channel.Admission.Stands) return Forward.Drop(DropReason.ForbiddenPeer);
        if (length > LongestDatagram - ChannelData.HeaderLength) return Forward.Drop(DropReason.TooLong);
        ChannelData.WriteHeader(head, channel.Number, length);
        var padding = allocation.Path.IsStream ? ChannelData.PaddingOf(length) : 0;
        return ToClient(now, allocation, ChannelData.HeaderLength, length, padding);
    }

    /// <summary>RFC 8656 §11.3: XOR-PEER-ADDRESS is where it came from, DATA what it said.</summary>
    Forward AsData(Instant now, Allocation allocation, in TransportAddress peer, int length, Span<byte> head)
    {
        var writer = new StunWriter(head, StunClass.Indication, StunMethod.Data, TransactionId.Draw(_random));
        writer.AddXorAddress(AttributeType.XorPeerAddress, peer);
        var padding = writer.EndWithData(length);
        return writer.Length == 0 || writer.Length + length + padding > LongestDatagram
            ? Forward.Drop(DropReason.TooLong)
            : ToClient(now, allocation, writer.Length, length, padding);
    }

    Forward ToClient(Instant now, Allocation allocation, int head, int length, int padding)
    {
        if (IsPoliced(now, allocation, RelayDirection.ToClient, length)) return Forward.Drop(DropReason.PolicedToClient);
        allocation.Traffic.CountToClient(length);
        Counters.By(allocation.Path).Traffic.CountToClient(length);
        return Forward.ToClient(allocation.Path, head, new(0, length), (byte)padding);
    }
}
