using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Transport;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// Connections with peers (RFC 6062): relayed addresses that listen, peers that connect, and peers that are connected to. Before it is
// bound nothing is read from one: what the peer says waits in the system, whose window closes in time.
sealed partial class RelayWorker
{
    // How many may have connected to one relayed address before the worker looks.
    const int RelayBacklog = 16;

    readonly Dictionary<RelayId, RelayDoor> _relayDoors = [];
    readonly Dictionary<ConnectionId, PeerStream> _peers = [];

    bool TryOpenDoor(RelayId id, in TransportAddress address, out SocketError error)
    {
        if (StreamListener.TryOpen(address, RelayBacklog, out error) is not { } listener) return false;
        if (Descriptors.AreScarce(listener.Descriptor))
        {
            listener.Dispose();
            error = SocketError.TooManyOpenSockets;
            return false;
        }

        var door = new RelayDoor(listener, id);
        _relayDoors.Add(id, door);
        _path.Watch(door);
        return true;
    }

    void CloseDoor(RelayId id)
    {
        if (!_relayDoors.Remove(id, out var door)) return;
        _path.Unwatch(door);
        door.Dispose();
    }

    Reception TakeTurn(Instant now, RelayDoor door)
    {
        for (var left = DoorBudget; left > 0 && !door.IsClosed; left--)
        {
            if (StreamSocket.TryAccept(door.Descriptor, out var error) is { } socket) Admit(now, door, socket);
            else if (error == SocketError.WouldBlock) return Reception.Nothing;
            else if (error is not (SocketError.ConnectionAborted or SocketError.Interrupted))
                return Lose(now, error, door.Listener.Local);
        }

        return door.IsClosed ? Reception.Closed : Reception.Datagram;
    }

    void Admit(Instant now, RelayDoor door, StreamSocket socket)
    {
        if (Descriptors.AreScarce(socket.Descriptor))
        {
            socket.Dispose();
            return;
        }

        var forward = _rules.OnPeerConnection(now, door.Relay, socket.Remote, _head, out var id);
        if (forward.Kind == ForwardKind.Drop) socket.Dispose();
        else Keep(new(socket, id), Interest.None);
        Settle(now, forward);
    }

    void Keep(PeerStream peer, Interest interest)
    {
        _peers.Add(peer.Id, peer);
        _path.Watch(peer);
        _path.Await(peer, interest);
    }

    void Connect(Instant now, AskId ask, TurnQuestion.ConnectPeer question)
    {
        var socket = StreamSocket.TryConnect(question.Local, question.Peer, out var error);
        if (socket is not null && !Descriptors.AreScarce(socket.Descriptor))
        {
            Keep(new(socket, question.Connection) { Ask = ask }, Interest.Write);
            return;
        }

        if (socket is not null) error = SocketError.TooManyOpenSockets;
        socket?.Dispose();
        // That a peer is not there is no trouble of this machine's.
        if (error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            _errors.Report(now, "a connection", error, question.Local);
        Settle(now, _rules.OnAnswer(now, ask, new TurnAnswer.PeerUnreachable(), _head));
    }

    Reception TakeTurn(Instant now, PeerStream peer)
    {
        if (peer.Splice is { } splice) return TakeTurn(now, splice, RelayDirection.ToClient);
        if (peer.Ask is { } ask) Learn(now, peer, ask);
        else Lose(now, peer.Id); // Before it is bound, nothing but its failure is waited for.
        return Reception.Nothing;
    }

    /// <summary>It is connected, or never will be.</summary>
    void Learn(Instant now, PeerStream peer, AskId ask)
    {
        var error = peer.Socket.TakeError();
        peer.Ask = null;
        if (error == SocketError.Success)
        {
            _path.Await(peer, Interest.None);
            Settle(now, _rules.OnAnswer(now, ask, new TurnAnswer.PeerConnected(), _head));
            return;
        }

        Drop(peer);
        Settle(now, _rules.OnAnswer(now, ask, new TurnAnswer.PeerUnreachable(), _head));
    }

    /// <summary>Tells the rules that a connection is over; they have both of its halves closed.</summary>
    void Lose(Instant now, ConnectionId id)
    {
        _rules.OnPeerClosed(now, id);
        while (_rules.TryTake(out var effect)) Perform(now, effect);
    }

    /// <summary>Closes both halves. What is cut off in the middle is reset, so that nobody takes what came for all there was.</summary>
    void Close(ConnectionId id)
    {
        if (!_peers.TryGetValue(id, out var peer)) return;
        if (peer.Splice is { } splice)
        {
            _spliceTimes.Cancel(splice);
            if (!splice.IsDone)
            {
                splice.Client.IsCut = true;
                peer.Socket.ResetWhenClosed();
            }

            if (!splice.Client.IsClosed) Doom(splice.Client);
        }

        Drop(peer);
    }

    void Drop(PeerStream peer)
    {
        _peers.Remove(peer.Id);
        _path.Unwatch(peer);
        peer.Dispose();
    }

    void CloseAllPeers()
    {
        foreach (var peer in _peers.Values) peer.Dispose();
        foreach (var door in _relayDoors.Values) door.Dispose();
    }
}
