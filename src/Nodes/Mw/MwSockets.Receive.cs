using System.Net;
using System.Net.Sockets;
using Portunus.Sip;

namespace Portunus.Nodes.Mw;

public sealed partial class MwSockets
{
    async Task ReceiveAsync()
    {
        var buffer = new byte[SipLimits.MessageBytes];
        var anyone = new IPEndPoint(LocalEndPoint.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                var received = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, anyone, _stopped.Token);
                OnDatagram(buffer.AsSpan(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A datagram that is too long, or a neighbour's ICMP: it concerns that datagram alone.
            }
        }
    }

    void OnDatagram(ReadOnlySpan<byte> bytes, IPEndPoint from)
    {
        if (!_neighbours.Has(from.Address))
        {
            if (_strangers.TryTake()) SignallingLog.MwStranger(_log, from.Address);
            return;
        }

        // A keep-alive is no message either (RFC 5626 §4.4 uses STUN over UDP; some send line breaks).
        if (!SipMessage.TryParse(bytes, out var message, out _)) return;
        if (_window.TryEnter(bytes.Length)) Deliver(message, bytes.Length, from, isStream: false);
        else if (_losses.TryTake()) SignallingLog.MwLost(_log, "from a neighbour", "we are too slow", message.ToString());
    }

    bool Deliver(SipMessage message, int length, IPEndPoint from, bool isStream)
    {
        if (message.IsRequest) MwTarget.Mark(message, from, isStream);
        if (_deliver?.Invoke(message, length, _neighbours.Trusts(from.Address)) is true) return true;
        _window.Leave(length);
        return false;
    }
}
