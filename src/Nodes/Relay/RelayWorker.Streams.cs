using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Transport.Tls;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// Clients that come by connections. The rules know of them by their path alone.
sealed partial class RelayWorker
{
    // What one connection may bring before the next has its turn, in bytes: what one record of TLS holds.
    const int StreamBudget = SecureSession.MostRecord;

    readonly ConnectionLedger _ledger;
    readonly ClientStreams _streams;
    readonly List<ClientStream> _dirty = [];
    readonly Queue<ClientConnection> _doomed = new();

    Reception TakeTurn(Instant now, ClientStream stream)
    {
        if (stream.IsDoomed) return Reception.Nothing;
        if (stream.Splice is { } splice) return TakeTurn(now, splice, RelayDirection.ToPeer);
        if (stream.HasRoom) Touch(stream);
        stream.HasRoom = false;
        // One slot for what came, one for what a session makes of it.
        if (_batch.Free < 2) LetGo(now);
        var length = stream.Receive(_batch.Next[..StreamBudget], out var error);
        if (error is SocketError.WouldBlock or SocketError.Interrupted) return Reception.Nothing;
        if (error != SocketError.Success || length == 0) Doom(stream);
        if (stream.IsDoomed) return Reception.Nothing;
        _batch.Add(length, stream.Path.FiveTuple.Client);
        var piece = _batch.Datagram(_batch.Count - 1);
        if (!stream.HasBegun && !TakePreface(now, stream, ref piece))
            return length == StreamBudget ? Reception.Datagram : Reception.Nothing;
        if (stream.Session is { } session) Decipher(now, stream, session, piece);
        else Cut(now, stream, piece);
        if (stream.LeavesFor is { } to)
        {
            HandOver(now, stream, to);
            return Reception.Nothing;
        }

        return length == StreamBudget ? Reception.Datagram : Reception.Nothing;
    }

    /// <summary>All that a piece of the wire says lies in one slot, a record after the other: the messages are still to be sent.</summary>
    void Decipher(Instant now, ClientStream stream, TlsSession session, ReadOnlySpan<byte> wire)
    {
        var plain = _batch.Next;
        _batch.Add(0, stream.Path.FiveTuple.Client);
        int length;
        while (!stream.IsDoomed && stream.LeavesFor is null && plain.Length >= SecureSession.MostRecord
            && (length = session.Read(ref wire, plain)) > 0)
        {
            Cut(now, stream, plain[..length]);
            plain = plain[length..];
        }

        Touch(stream);
        if (stream.LeavesFor is not null) stream.LeaveWire(wire);
        else if (session.State != TlsState.Closed) return;
        else if (stream.Splice is { } splice) EndSession(splice);
        else Doom(stream);
    }

    void Cut(Instant now, ClientStream stream, ReadOnlySpan<byte> piece)
    {
        while (!stream.IsDoomed && stream.Splice is null && stream.Framing.TryTake(ref piece, out var message))
        {
            _counters.Received++;
            _counters.Listeners[stream.Door].CountReceived(message.Length);
            var forward = _rules.OnClient(now, stream.Path, message, _head);
            if (forward.Kind == ForwardKind.HandOver)
            {
                stream.Leave(forward.Worker, message, piece);
                return;
            }

            if (forward.Kind != ForwardKind.Drop || forward.Reason == DropReason.Asked) _streams.Heard(now, stream);
            Settle(now, forward, Locate(forward, message), _batch.Start(_batch.Spare));
        }

        if (stream.Splice is { } splice)
        {
            Pass(now, splice, piece);
            Touch(stream);
        }
        else if (stream.Framing.Fault != StreamFault.None)
        {
            Doom(stream);
        }
        else if (IsTooCostly(now, stream))
        {
            Overrun(stream);
        }
    }

    /// <summary>Where in the batch a message begins. One that came in pieces lies elsewhere: its payload is copied.</summary>
    int Locate(in Forward forward, ReadOnlySpan<byte> message)
    {
        if (forward.Payload.Length == 0) return _batch.Start(_batch.Spare);
        var payload = message.Slice(forward.Payload.Offset, forward.Payload.Length);
        if (((ReadOnlySpan<byte>)_batch.Bytes).Overlaps(payload, out var at)) return at - forward.Payload.Offset;
        Flush(_clock()); // What was copied there before.
        payload.CopyTo(_batch.Bytes[_batch.Start(_batch.Spare)..]);
        return _batch.Start(_batch.Spare) - forward.Payload.Offset;
    }

    /// <summary>Puts one message behind what waits for a client. One that does not read loses what peers say first.</summary>
    /// <param name="now">The time of the input.</param>
    /// <param name="path">Of the client.</param>
    /// <param name="message">With its padding.</param>
    void Send(Instant now, in ClientPath path, ReadOnlySpan<byte> message)
    {
        if (!_streams.TryGet(path.Listener - _listeners.Length, path.FiveTuple, out var stream) || stream.IsDoomed)
        {
            // What was asked for has come into being for nobody.
            _rules.OnClosed(_clock(), path);
            return;
        }

        var isMedia = !IsAnswer(message);
        if (HasRoom(now, stream, message.Length, isMedia) && stream.TryAdd(message))
        {
            _counters.Sent++;
            _counters.Listeners[stream.Door].CountSent(Unpadded(message));
            if (stream is DtlsClient client) PostRecords(now, client);
            else Touch((ClientStream)stream);
        }
        else if (isMedia)
        {
            _counters.MediaLost++;
        }
        else
        {
            Overrun(stream);
        }
    }

    bool HasRoom(Instant now, ClientConnection stream, int length, bool isMedia)
    {
        var limits = _ledger.Limits;
        if (stream.Waiting + length > limits.MostUnproved && !_rules.HasAllocation(now, stream.Path))
        {
            // What it asked for in one piece may all be answered, if the system takes it.
            if (stream is ClientStream own) own.Send();
            return stream.Waiting + length <= limits.MostUnproved;
        }

        return stream.Waiting + length <= (isMedia ? limits.MostMedia : limits.MostWaiting);
    }

    /// <summary>It has more here than it may: it does not read, or begins what it does not end.</summary>
    void Overrun(ClientConnection stream)
    {
        _counters.StreamsOverrun++;
        Doom(stream);
    }

    /// <summary>Its length without what follows ChannelData on a stream (RFC 8656 §12.5).</summary>
    static int Unpadded(ReadOnlySpan<byte> message) =>
        ChannelData.TryParse(message, out var data) ? ChannelData.HeaderLength + data.Payload.Length : message.Length;

    /// <summary>The higher of the two bits of a STUN message's class is set in responses alone (RFC 8489 §5).</summary>
    static bool IsAnswer(ReadOnlySpan<byte> message) => message[0] < 0x40 && (message[0] & 1) == 1;

    /// <summary>It may have something to send.</summary>
    void Touch(ClientStream stream)
    {
        if (stream.IsDirty) return;
        stream.IsDirty = true;
        _dirty.Add(stream);
    }

    void FlushStreams()
    {
        // By number: the end of a spliced one has effects performed, by which others come to have something to send.
        for (var next = 0; next < _dirty.Count; next++)
        {
            var stream = _dirty[next];
            stream.IsDirty = false;
            if (stream.IsDoomed) continue;
            if (stream.Splice is { } splice)
            {
                Pump(_clock(), splice);
                continue;
            }

            if (stream.Send() != SocketError.Success)
            {
                Doom(stream);
                continue;
            }

            if (stream.Waiting > 0 == stream.AwaitsRoom) continue;
            stream.AwaitsRoom = !stream.AwaitsRoom;
            _path.Await(stream, InterestIn(reads: true, writes: stream.AwaitsRoom));
        }

        _dirty.Clear();
    }

    /// <summary>It is closed as soon as nobody looks at it.</summary>
    void Doom(ClientConnection stream)
    {
        if (stream.IsDoomed) return;
        stream.IsDoomed = true;
        _doomed.Enqueue(stream);
    }

    void CloseDoomed(Instant now)
    {
        while (_doomed.TryDequeue(out var stream))
        {
            if (stream is ClientStream) _path.Unwatch(stream);
            if (stream is DtlsClient client) client.Socket.Dtls!.Clients.Remove(client.Path.FiveTuple.Client);
            _streams.Remove(stream.Path.Listener - _listeners.Length, stream);
            stream.Dispose();
            if (stream.HasBegun) _rules.OnClosed(now, stream.Path);
            while (_rules.TryTake(out var effect)) Perform(now, effect);
        }
    }

    /// <summary>A look at those that may have been silent for too long.</summary>
    void LookAtStreams(Instant now)
    {
        while (_streams.TryPop(now, out var stream))
        {
            var idleAt = stream.LastHeard + _ledger.Limits.Idle;
            if (stream is DtlsClient { HasSpoken: false } client && now < client.Began + _ledger.Limits.FirstMessage) Repeat(now, client);
            else if (stream.HasSpoken && idleAt > now) _streams.LookAgain(stream, idleAt);
            else if (stream.HasSpoken && _rules.HasAllocation(now, stream.Path)) _streams.LookAgain(stream, now + _ledger.Limits.Idle);
            else TimeOut(stream);
        }

        CloseDoomed(now);
    }

    void TimeOut(ClientConnection stream)
    {
        _counters.StreamsTimedOut++;
        Doom(stream);
    }
}
