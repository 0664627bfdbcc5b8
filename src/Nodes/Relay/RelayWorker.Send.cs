using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Transport;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// What one input returned goes into the outbox, and from there out.
sealed partial class RelayWorker
{
    // One for each slot, at least: an input returns at most one datagram. A stream may bring many in one slot.
    readonly Outbox _outbox = new(8 * Slots);

    /// <summary>Puts what one input returned into the outbox. What it queued is done after all that came before has left.</summary>
    /// <param name="now">The time of the input.</param>
    /// <param name="forward">What was returned.</param>
    /// <param name="start">Where in the batch the input begins.</param>
    /// <param name="front">Behind a room for what replies to it.</param>
    void Settle(Instant now, in Forward forward, int start, int front)
    {
        Post(now, forward, start, front);
        if (!_rules.TryTake(out var effect)) return;
        Flush(now);
        do Perform(now, effect);
        while (_rules.TryTake(out effect));
    }

    /// <summary>The same for what answers no datagram: a deadline, or an answer from outside.</summary>
    void Settle(Instant now, in Forward forward)
    {
        Settle(now, forward, _batch.Start(_batch.Spare), _batch.Start(_batch.Spare));
        Flush(now);
    }

    void Post(Instant now, in Forward forward, int start, int front)
    {
        if (_outbox.IsFull) Flush(now);
        switch (forward.Kind)
        {
            case ForwardKind.ToClient when forward.Path.Listener >= _listeners.Length:
                var message = Join(forward, start, front, default);
                var bytes = _batch.Bytes.Slice(message.Offset, message.Length);
                if (forward.Path.CarriedBy is { } hearer) Bring(now, hearer, CarriedKind.ToClient, forward.Path, bytes);
                else Send(now, forward.Path, bytes);
                break;
            case ForwardKind.ToClient:
                _outbox.Add((WorkerSocket)_listeners[forward.Path.Listener], Join(forward, start, front, forward.Path.FiveTuple.Client));
                break;
            case ForwardKind.ToPeer when _relays.TryGet(forward.Relay, out var relay):
                _outbox.Add(relay, Join(forward, start, front, forward.Peer));
                break;
            case ForwardKind.ToWorker:
                Carry(now, forward, start);
                break;
        }
    }

    /// <summary>Head, payload and padding as one run of bytes, made around the payload where it lies.</summary>
    Outgoing Join(in Forward forward, int start, int front, in TransportAddress to)
    {
        var payload = forward.Payload.Length == 0 ? front : start + forward.Payload.Offset;
        var first = payload - forward.Head;
        _head.AsSpan(0, forward.Head).CopyTo(_batch.Bytes[first..]);
        _batch.Bytes.Slice(payload + forward.Payload.Length, forward.Padding).Clear();
        return new(first, forward.Length, to, forward.DontFragment);
    }

    /// <summary>All that is in the outbox leaves.</summary>
    void Flush(Instant now)
    {
        while (_outbox.TryTake(out var socket, out var group)) Send(now, socket, group);
        if (_dirty.Count > 0) FlushStreams();
    }

    /// <summary>The same, and the slots are free again; not while one of them is still to be looked at.</summary>
    void LetGo(Instant now)
    {
        Flush(now);
        _batch.Clear();
    }

    void Send(Instant now, WorkerSocket socket, ReadOnlySpan<Outgoing> group)
    {
        while (true)
        {
            var sent = socket.Datagrams.Send(_batch, group, out var error);
            foreach (ref readonly var datagram in group[..sent])
            {
                if (datagram.IsRecord) continue;
                _counters.Sent++;
                if (socket.Listener is { } listener) _counters.Listeners[listener].CountSent(datagram.Length);
            }

            if (error == SocketError.Success) return;
            _counters.SendFailures++;
            _errors.Report(now, "a send", error, socket.Datagrams.Local);
            group = group[(sent + 1)..];
            if (group.IsEmpty) return;
        }
    }
}
