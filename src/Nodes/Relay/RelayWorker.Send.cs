using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

sealed partial class RelayWorker
{
    /// <summary>Sends what one input returned, then does what it queued.</summary>
    /// <param name="now">The time of the input.</param>
    /// <param name="forward">What was returned.</param>
    /// <param name="start">Where in the buffer the input begins.</param>
    void Settle(Instant now, in Forward forward, int start)
    {
        Send(now, forward, start);
        while (_rules.TryTake(out var effect)) Perform(now, effect);
    }

    void Send(Instant now, in Forward forward, int start)
    {
        switch (forward.Kind)
        {
            case ForwardKind.ToClient:
                var listener = _listeners[forward.Path.Listener].Datagrams;
                if (Send(now, listener, Join(forward, start), forward.Path.FiveTuple.Client, dontFragment: false))
                    _counters.Listeners[forward.Path.Listener].CountSent(forward.Length);
                break;
            case ForwardKind.ToPeer when _relays.TryGet(forward.Relay, out var relay):
                Send(now, relay.Datagrams, Join(forward, start), forward.Peer, forward.DontFragment);
                break;
        }
    }

    bool Send(Instant now, IDatagrams socket, ReadOnlySpan<byte> datagram, in TransportAddress to, bool dontFragment)
    {
        var error = socket.Send(datagram, to, dontFragment);
        if (error == SocketError.Success)
        {
            _counters.Sent++;
            return true;
        }

        _counters.SendFailures++;
        _errors.Report(now, "a send", error, socket.Local);
        return false;
    }

    /// <summary>Head, payload and padding as one run of bytes, made around the payload where it lies.</summary>
    ReadOnlySpan<byte> Join(in Forward forward, int start)
    {
        var (buffer, payload) = forward.Payload.Length == 0 ? (_head, forward.Head) : (_buffer, start + forward.Payload.Offset);
        var first = payload - forward.Head;
        if (buffer != _head) _head.AsSpan(0, forward.Head).CopyTo(buffer.AsSpan(first));
        buffer.AsSpan(payload + forward.Payload.Length, forward.Padding).Clear();
        return buffer.AsSpan(first, forward.Length);
    }
}
