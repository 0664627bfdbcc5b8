using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Transport;
using Portunus.Transport.Tls;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// A client data connection and a peer data connection as one (RFC 6062 §4.5, §5.4, §5.5). The rules see no byte of it; they are asked
// how many may be read, and told how many were.
sealed partial class RelayWorker
{
    // What is read of a peer at once: as a record of TLS it fits into the least that may wait for a client (StreamLimits).
    const int MostToClient = StreamBudget / 2;

    readonly Deadlines<Splice> _spliceTimes = new();

    // What was read last: it goes to the system at once, or into the queue of who is to hear it. Made for the first one.
    byte[] _piece = [];
    byte[] _plain = [];

    void Join(Instant now, TurnEffect.Splice effect)
    {
        var found = _streams.TryGet(effect.Client.Listener - _listeners.Length, effect.Client.FiveTuple, out var one);
        if (!_peers.TryGetValue(effect.Connection, out var peer) || !found || one is not ClientStream { IsDoomed: false } client)
        {
            Lose(now, effect.Connection);
            return;
        }

        if (_piece.Length == 0) (_piece, _plain) = (new byte[StreamBudget], new byte[SecureSession.MostRecord]);
        client.Splice = peer.Splice = new(client, peer) { LastMoved = now };
        client.Endure();
        peer.Socket.Endure();
        Pump(now, peer.Splice);
    }

    /// <summary>Something is at one of the two: it is read, if it may go on.</summary>
    Reception TakeTurn(Instant now, Splice splice, RelayDirection direction)
    {
        if (splice.Client.IsDoomed) return Reception.Nothing;
        splice.Client.HasRoom = splice.Peer.HasRoom = false;
        var most = splice.MayRead(now, direction) ? MostToRead(now, splice, direction) : 0;
        var length = 0;
        if (most > 0 && !TryRead(now, splice, direction, most, out length))
        {
            Lose(now, splice.Peer.Id);
            return Reception.Nothing;
        }

        Pump(now, splice);
        return length == most && most > 0 && !splice.Client.IsDoomed ? Reception.Datagram : Reception.Nothing;
    }

    int MostToRead(Instant now, Splice splice, RelayDirection direction)
    {
        var most = _rules.MostToRelay(now, splice.Peer.Id, direction, out var again);
        if (most == 0) splice.Way(direction).PausedUntil = again;
        return Math.Min(most, direction == RelayDirection.ToClient ? MostToClient : _piece.Length);
    }

    /// <summary>False when the connection from which it comes has failed.</summary>
    bool TryRead(Instant now, Splice splice, RelayDirection direction, int most, out int length)
    {
        var room = _piece.AsSpan(0, most);
        var isFromClient = direction == RelayDirection.ToPeer;
        length = isFromClient ? splice.Client.Receive(room, out var error) : splice.Peer.Socket.Receive(room, out error);
        if (error is SocketError.WouldBlock or SocketError.Interrupted) return true;
        if (error != SocketError.Success) return false;
        splice.LastMoved = now;
        if (length == 0)
        {
            splice.Way(direction).HasEnded = true;
            // A session that ends without a farewell hears none either.
            if (isFromClient && splice.Client.Session is not null) EndSession(splice);
            return true;
        }

        if (!isFromClient)
        {
            _rules.OnRelayed(splice.Peer.Id, direction, length);
            return splice.Client.TryAdd(room[..length]);
        }

        if (splice.Client.Session is { } session) return TryDecipher(now, splice, session, room[..length]);
        Pass(now, splice, room[..length]);
        return true;
    }

    bool TryDecipher(Instant now, Splice splice, TlsSession session, ReadOnlySpan<byte> wire)
    {
        int length;
        while ((length = session.Read(ref wire, _plain)) > 0) Pass(now, splice, _plain.AsSpan(0, length));
        if (session.State != TlsState.Closed) return true;
        EndSession(splice);
        return session.Ended == TlsEnd.ByPeer;
    }

    /// <summary>Over TLS whoever ends ends both directions.</summary>
    static void EndSession(Splice splice)
    {
        splice.ToPeer.HasEnded = true;
        (splice.ToClient.HasEnded, splice.ToClient.IsFinished) = (true, true);
    }

    /// <summary>What a client said goes to the peer; also what came in one piece with its ConnectionBind.</summary>
    void Pass(Instant now, Splice splice, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || splice.Client.IsDoomed) return;
        splice.LastMoved = now;
        splice.Peer.Add(bytes);
        _rules.OnRelayed(splice.Peer.Id, RelayDirection.ToPeer, bytes.Length);
    }

    /// <summary>What waits leaves, ends are passed on behind it, and what is waited for next is settled.</summary>
    void Pump(Instant now, Splice splice)
    {
        if (splice.Client.IsDoomed) return;
        if (splice.Client.Send() != SocketError.Success || splice.Peer.Send() != SocketError.Success || now >= splice.DeadAt)
        {
            Lose(now, splice.Peer.Id);
            return;
        }

        PassEndsOn(splice);
        // The farewell of TLS.
        if (splice.IsDone && splice.Client.Waiting > 0) splice.Client.Send();
        if (splice.IsDone)
        {
            Lose(now, splice.Peer.Id);
            return;
        }

        var interest = InterestIn(splice.MayRead(now, RelayDirection.ToPeer), splice.Client.Waiting > 0);
        if (splice.ClientInterest != interest) Attend(splice.Client, interest);
        splice.ClientInterest = interest;
        interest = InterestIn(splice.MayRead(now, RelayDirection.ToClient), splice.Peer.Waiting > 0);
        if (splice.PeerInterest != interest) Attend(splice.Peer, interest);
        splice.PeerInterest = interest;
        if (splice.LookAt(now) is { } due) _spliceTimes.Set(splice, due);
        else _spliceTimes.Cancel(splice);
    }

    static void PassEndsOn(Splice splice)
    {
        if (splice.ToPeer is { HasEnded: true, IsFinished: false } && splice.Peer.Waiting == 0)
        {
            splice.Peer.Socket.EndSending();
            splice.ToPeer.IsFinished = true;
        }

        if (splice.ToClient is { HasEnded: true, IsFinished: false } && splice.Client.Waiting == 0)
        {
            splice.Client.EndSending();
            splice.ToClient.IsFinished = true;
            if (splice.Client.Session is not null) (splice.ToPeer.HasEnded, splice.ToPeer.IsFinished) = (true, true);
        }
    }

    static Interest InterestIn(bool reads, bool writes) =>
        (reads ? Interest.Read : Interest.None) | (writes ? Interest.Write : Interest.None);

    /// <summary>One at which nothing is waited for is left alone: a failure would be told again and again.</summary>
    void Attend(Watched stream, Interest interest)
    {
        if (interest == Interest.None)
        {
            _path.Unwatch(stream);
            return;
        }

        if (stream.Place < 0) _path.Watch(stream);
        _path.Await(stream, interest);
    }

    /// <summary>Those that had no bandwidth have some again, and those that are half open may have been so for too long.</summary>
    void LookAtSplices(Instant now)
    {
        while (_spliceTimes.TryPop(now, out var splice)) Pump(now, splice);
    }
}
