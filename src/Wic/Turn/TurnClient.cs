using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Wic;

/// <summary>
/// The client's side of one TURN allocation over UDP (RFC 8656) with the long-term mechanism of RFC 8489 §9.2 or an access token
/// of RFC 7635: asks for a relay, keeps it, its permissions and its channels alive, sends and receives through it.
/// </summary>
/// <remarks>
/// After each call take the effects until there are none, and call <see cref="OnDeadline"/> at <see cref="NextDeadline"/>.
/// </remarks>
public sealed partial class TurnClient(TurnClientSettings settings, IRandom random)
{
    readonly Queue<TurnClientEffect> _effects = new();
    readonly ClientAuthentication _authentication = new(settings);

    /// <summary>When <see cref="OnDeadline"/> wants to be called; null when nothing is due.</summary>
    public Instant? NextDeadline => Instant.Earliest(_retransmissions.Next, _peerRefreshes.Next, _refreshAt);

    /// <summary>A datagram came from the server. What is none of ours is ignored.</summary>
    public void OnServer(Instant now, ReadOnlySpan<byte> datagram)
    {
        switch (datagram.Demultiplex())
        {
            case FirstByte.ChannelData when ChannelData.TryParse(datagram, out var data):
                OnChannelData(data);
                break;
            case FirstByte.Stun when StunMessage.TryParse(datagram, out var message, out _):
                if (message is { Class: StunClass.Indication, Method: StunMethod.Data }) OnData(message);
                else if (message.Class is StunClass.Success or StunClass.Error) OnResponse(now, message);
                break;
        }
    }

    /// <summary>Time has come to <see cref="NextDeadline"/>, or beyond.</summary>
    public void OnDeadline(Instant now)
    {
        while (_retransmissions.TryPop(now, out var id)) Retransmit(now, id);
        if (_refreshAt <= now) Refresh(now);
        while (_peerRefreshes.TryPop(now, out var peer)) Ask(now, peer);
    }

    /// <summary>Takes the next effect, in the order they were decided.</summary>
    public bool TryTake([NotNullWhen(true)] out TurnClientEffect? effect) => _effects.TryDequeue(out effect);
}
