using System.Net;
using System.Net.Sockets;
using Portunus.Sip;

namespace Portunus.Nodes.Mw;

public sealed partial class MwSockets
{
    public void Send(SipMessage message)
    {
        if (MwTarget.Of(message, _settings) is not { } target) Fail(message, "it names nobody who could be reached over UDP or TCP");
        else if (_names.TryGet(target.Host, out var addresses)) Send(message, target, addresses);
        else _ = Task.Run(() => FindAndSendAsync(message, target));
    }

    /// <summary>The connection to a neighbour has ended with this in its queue, or takes no more: another way, if there is one.</summary>
    internal void Undelivered(SipMessage message, byte[] bytes, IPEndPoint neighbour, bool reached)
    {
        // RFC 3261 §18.2.2: a response whose connection has ended goes on another one, to the sent-by; where that has ended, too, no
        // further.
        if (reached && message.IsResponse && MwTarget.Of(message, _settings) is { IsStream: true } back
            && _names.TryGet(back.Host, out var hosts) && hosts is [var host, ..]
            && new IPEndPoint(host, back.Port) is var sentBy && !sentBy.Equals(neighbour))
        {
            SendOnStream(message, sentBy, null);
            return;
        }

        // RFC 3261 §18.1.1: a request that went by TCP for its size alone is retried over UDP when nobody listens there.
        if (!reached && MwTarget.Of(message, _settings) is { IsStream: false } target
            && _names.TryGet(target.Host, out var addresses) && addresses is [var address, ..])
            SendDatagram(message, new(address, target.Port));
        else
            Fail(message, reached ? "the connection has ended" : "nobody takes the connection");
    }

    async Task FindAndSendAsync(SipMessage message, MwTarget target)
    {
        try
        {
            Send(message, target, await _names.FindAsync(target.Host, _stopped.Token));
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    void Send(SipMessage message, in MwTarget target, IPAddress[] addresses)
    {
        if (addresses is not [var address, ..])
        {
            Fail(message, $"{target.Host} has no address that could be reached from {LocalEndPoint.Address}");
            return;
        }

        if (!_neighbours.Has(address))
        {
            Fail(message, $"{address} is not among the neighbours");
            return;
        }

        var to = new IPEndPoint(address, target.Port);
        // RFC 7118 §5 lets a WIC leave out what a stream cannot do without.
        if (!message.Has(HeaderName.ContentLength)) message.SetContentLength();
        if (target.IsStream) SendOnStream(message, to, target.Reply);
        else if (message.IsRequest && message.ToBytes().Length > _settings.DatagramBytes) SendOnStream(message, to, null);
        else SendDatagram(message, to);
    }

    void SendDatagram(SipMessage message, IPEndPoint to)
    {
        var bytes = Written(message, "UDP");
        try
        {
            _udp.SendTo(bytes, to);
        }
        catch (SocketException e)
        {
            Fail(message, $"the system refused to send it ({e.SocketErrorCode})");
        }
        catch (ObjectDisposedException)
        {
            // The node stops.
        }
    }

    void SendOnStream(SipMessage message, IPEndPoint to, int? reply)
    {
        var bytes = Written(message, "TCP");
        if (reply is { } port && _connections.TryGetValue(new(to.Address, port), out var same) && same.TrySend(message, bytes)) return;
        if (_connections.TryGetValue(to, out var known))
        {
            if (!known.TrySend(message, bytes)) Undelivered(message, bytes, to, reached: true);
        }
        else if (_resting.TryGetValue(to, out var rest) && rest.Until > SystemClock.Now)
        {
            Undelivered(message, bytes, to, reached: false);
        }
        else if (Connect(to) is not { } made || !made.TrySend(message, bytes))
        {
            Fail(message, "there are as many connections as there may be");
        }
    }

    /// <summary>The top Via of a request names the transport that carries it (RFC 3261 §18.1.1).</summary>
    static byte[] Written(SipMessage message, string transport)
    {
        if (message.IsRequest && message.TopVia is { } via && via.Transport != transport)
            message.ReplaceFirst(HeaderName.Via, new Via(transport, via.SentBy, via.Parameters));
        return message.ToBytes();
    }

    /// <summary>Says so once a minute, and answers a request as its transaction is owed (§8.1.3.1).</summary>
    void Fail(SipMessage message, string reason)
    {
        if (_losses.TryTake())
            SignallingLog.MwLost(_log, "to a neighbour", reason, message.IsRequest ? message.Method : $"{message.Status}");
        if (message.IsRequest && message.Method != SipMethod.Ack && _deliver is { } deliver)
            deliver(SipMessage.Response(message, 503), 0, isTrusted: true);
    }
}
