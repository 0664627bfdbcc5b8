using Portunus.Bedrock;
using Portunus.Transport;
using Portunus.Transport.Tls;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// Clients that come by DTLS, on either data path: a session is a step over memory between listener and rules.
sealed partial class RelayWorker
{
    void Hear(Instant now, WorkerSocket socket, DtlsDoor door, int slot)
    {
        var from = _batch.Sender(slot);
        var datagram = _batch.Datagram(slot);
        var found = door.Clients.TryGetValue(from, out var client) && !client.IsDoomed;
        if (found && !client!.Session.IsSurpassedBy(datagram)) Decipher(now, client, datagram);
        else Greet(now, socket, door, from, datagram);
    }

    /// <summary>A datagram of nobody, or of one who has begun anew: there is no state before it showed a cookie.</summary>
    void Greet(Instant now, WorkerSocket socket, DtlsDoor door, in TransportAddress from, ReadOnlySpan<byte> datagram)
    {
        var room = Room(now);
        switch (door.Greeter.Hear(now, from, datagram, _batch.Bytes[room..]))
        {
            case DtlsVerdict.Ignore:
                _counters.DtlsDropped++;
                break;
            case DtlsVerdict.Answer:
                _counters.CookiesSent++;
                PostRecord(socket, new(room, DtlsListener.AnswerLength, from, DontFragment: false, IsRecord: true));
                break;
            case DtlsVerdict.Proven:
                if (door.Clients.TryGetValue(from, out var former)) Doom(former);
                // What the former has said in this batch leaves before its relay is closed.
                Flush(now);
                CloseDoomed(now);
                Begin(now, socket, door, from, datagram);
                break;
        }
    }

    void Begin(Instant now, WorkerSocket socket, DtlsDoor door, in TransportAddress from, ReadOnlySpan<byte> hello)
    {
        if (_rules.SparesMemory || !_ledger.TryAdmit(from))
        {
            _counters.StreamsRefused++;
            return;
        }

        var tuple = new FiveTuple(from, socket.Datagrams.Local, ClientTransport.Dtls);
        var session = DtlsSession.Accept(door.Certificate.Datagrams, now, hello, _ledger.Limits.MostWaiting);
        var client = new DtlsClient(new(tuple, _listeners.Length + _streams.NextNumber), socket, session);
        door.Clients[from] = client;
        _streams.Add(now, client);
        _counters.StreamsAccepted++;
        AfterSession(now, client);
    }

    void Decipher(Instant now, DtlsClient client, ReadOnlySpan<byte> datagram)
    {
        // The records of one datagram lie in one slot, one after the other: what they say is still to be sent.
        var start = Room(now);
        var left = DatagramBatch.LongestDatagram;
        int length;
        while (!client.IsDoomed && left >= SecureSession.MostRecord
            && (length = client.Session.Read(ref datagram, _batch.Bytes.Slice(start, left))) > 0)
        {
            _counters.Received++;
            _counters.Listeners[client.Door].CountReceived(length);
            var forward = _rules.OnClient(now, client.Path, _batch.Bytes.Slice(start, length), _head);
            if (forward.Kind != ForwardKind.Drop || forward.Reason == DropReason.Asked) _streams.Heard(now, client);
            Settle(now, forward, start, _batch.Start(_batch.Spare));
            start += length;
            left -= length;
        }

        AfterSession(now, client);
    }

    /// <summary>What a session says for itself leaves, and it is looked at when it wants to be, or closed when it is over.</summary>
    void AfterSession(Instant now, DtlsClient client)
    {
        PostRecords(now, client);
        if (client.Session.State == TlsState.Closed) Doom(client);
        else if (client.Session.Deadline(now) is { } due)
            _streams.LookAgain(client, Instant.Earliest(due, client.Began + _ledger.Limits.FirstMessage)!.Value);
    }

    /// <summary>A handshake that had no answer goes on.</summary>
    void Repeat(Instant now, DtlsClient client)
    {
        client.Session.OnDeadline(now);
        _streams.LookAgain(client, client.Began + _ledger.Limits.FirstMessage);
        AfterSession(now, client);
        Flush(now);
    }

    void PostRecords(Instant now, DtlsClient client)
    {
        while (client.Waiting > 0)
        {
            var room = Room(now);
            if (!client.Session.TryTake(_batch.Bytes.Slice(room, DatagramBatch.LongestDatagram), out var length)) return;
            PostRecord(client.Socket, new(room, length, client.Path.FiveTuple.Client, DontFragment: false, IsRecord: true));
            if (room == _batch.Start(_batch.Scratch)) Flush(now);
        }
    }

    void PostRecord(WorkerSocket socket, in Outgoing datagram)
    {
        if (datagram.Length > 0) _outbox.Add(socket, datagram);
    }

    /// <summary>Where a datagram can lie until it leaves: a free slot, else the one that is emptied after each.</summary>
    int Room(Instant now)
    {
        if (_outbox.IsFull || _batch.Free == 0) Flush(now);
        if (_batch.Free == 0) return _batch.Start(_batch.Scratch);
        _batch.Add(0, default);
        return _batch.Start(_batch.Count - 1);
    }
}
