using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Wic;

// Peers: permissions, channels, and what passes through them (RFC 8656 §9 to §12).
public sealed partial class TurnClient
{
    /// <summary>
    /// A permission lives 300 s (RFC 8656 §9) and a ChannelBind renews it, too; this leaves a minute to be answered.
    /// </summary>
    static readonly TimeSpan PeerRefresh = TimeSpan.FromSeconds(240);

    readonly Dictionary<TransportAddress, Peer> _peers = [];
    readonly Deadlines<TransportAddress> _peerRefreshes = new();
    ushort _lastChannel = ChannelNumber.First - 1;

    /// <summary>
    /// Asks for a permission for the peer's address, and keeps it: <see cref="TurnClientEffect.Admitted"/> follows.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no relay.</exception>
    public void Permit(Instant now, TransportAddress peer) => Admit(now, peer, channel: null);

    /// <summary>
    /// Asks for a channel to the peer, and keeps it and its permission: <see cref="TurnClientEffect.Admitted"/> follows.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no relay, or all 4096 channels are bound.</exception>
    public void Bind(Instant now, TransportAddress peer)
    {
        if (_lastChannel == ChannelNumber.Last) throw new InvalidOperationException("All channels of this allocation are bound.");
        Admit(now, peer, new ChannelNumber(++_lastChannel));
    }

    /// <summary>
    /// Sends through the relay: by the channel where one is bound, else as a Send indication (RFC 8656 §11.1, §12.5). A
    /// permission is for all ports of an address (§9), so each of them can be sent to.
    /// </summary>
    /// <returns>False when nothing was sent: the peer is not admitted.</returns>
    public bool TrySend(TransportAddress peer, ReadOnlySpan<byte> payload)
    {
        if (!_peers.TryGetValue(peer, out var known)) known = _peers.FirstOrDefault(pair => pair.Key.SameAddress(peer)).Value;
        if (known is not { Admitted: true }) return false;
        var channel = _peers.ContainsKey(peer) ? known.Bound : null;
        _effects.Enqueue(new TurnClientEffect.ToServer(
            channel is { } bound ? FormChannelData(bound, payload) : FormSend(peer, payload)));
        return true;
    }

    void Admit(Instant now, TransportAddress peer, ChannelNumber? channel)
    {
        if (Relayed is null || _leaving) throw new InvalidOperationException("There is no relay.");
        if (!_peers.TryGetValue(peer, out var known)) _peers.Add(peer, known = new Peer());
        known.Channel ??= channel;
        Ask(now, peer);
    }

    void Ask(Instant now, TransportAddress peer)
    {
        var channel = _peers[peer].Channel;
        Request(now, new(channel is null ? StunMethod.CreatePermission : StunMethod.ChannelBind, null, peer, channel));
    }

    void OnAdmitted(Instant now, Wanted wanted)
    {
        if (wanted.Peer is not { } peer || !_peers.TryGetValue(peer, out var known)) return;
        var isNews = !known.Admitted || known.Bound != wanted.Channel;
        (known.Admitted, known.Bound) = (true, known.Bound ?? wanted.Channel);
        _peerRefreshes.Set(peer, now + PeerRefresh);
        if (isNews) _effects.Enqueue(new TurnClientEffect.Admitted(peer, known.Bound));
    }

    void Dismiss(TransportAddress peer)
    {
        _peerRefreshes.Cancel(peer);
        _peers.Remove(peer);
    }

    /// <summary>A channel that was asked for counts: the answer may be lost, or come after the first data.</summary>
    void OnChannelData(in ChannelData data)
    {
        foreach (var (peer, known) in _peers)
            if (known.Channel == data.Channel) Deliver(peer, data.Payload);
    }

    /// <summary>RFC 8656 §11.4: with a peer that has a permission, and with DATA; ports do not matter to permissions.</summary>
    void OnData(in StunMessage message)
    {
        if (message.ReadXorPeerAddress(out var peer) != Reading.Present) return;
        if (message.ReadData(out var data) != Reading.Present) return;
        foreach (var known in _peers.Keys)
        {
            if (!known.SameAddress(peer)) continue;
            Deliver(peer, message.Bytes[data]);
            return;
        }
    }

    void Deliver(TransportAddress peer, ReadOnlySpan<byte> payload) =>
        _effects.Enqueue(new TurnClientEffect.Received(peer, payload.ToArray()));

    static byte[] FormChannelData(ChannelNumber channel, ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[ChannelData.HeaderLength + payload.Length];
        ChannelData.WriteHeader(bytes, channel, payload.Length);
        payload.CopyTo(bytes.AsSpan(ChannelData.HeaderLength));
        return bytes;
    }

    byte[] FormSend(TransportAddress peer, ReadOnlySpan<byte> payload)
    {
        // Header, an IPv6 address, and DATA with its padding.
        var bytes = new byte[StunMessage.HeaderLength + 24 + 4 + payload.Length + 3];
        var writer = new StunWriter(bytes, StunClass.Indication, StunMethod.Send, TransactionId.Draw(random));
        writer.AddXorAddress(AttributeType.XorPeerAddress, peer);
        writer.Add(AttributeType.Data, payload);
        return writer.Written.ToArray();
    }

    /// <summary>One peer as the client believes the server knows it.</summary>
    sealed class Peer
    {
        /// <summary>Asked for.</summary>
        public ChannelNumber? Channel { get; set; }

        /// <summary>Granted.</summary>
        public ChannelNumber? Bound { get; set; }

        /// <summary>Whether a permission was granted.</summary>
        public bool Admitted { get; set; }
    }
}
