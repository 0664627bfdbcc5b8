using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>How long the outside may try. RFC 6062 §5.2: "The timeout value MUST be at least 30 seconds."</summary>
    static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);

    /// <summary>How many may be under way at once; they take no room from other questions, which must have it.</summary>
    const int MaxConnects = 4096;

    readonly PeerConnections _connections;

    /// <summary>RFC 6062 §5.2.</summary>
    Forward OnConnect(scoped in Request request, Allocation allocation)
    {
        // To a relay of UDP nobody connects: there is "no allocation" for this.
        if (!allocation.IsTcp) return Error(request, ErrorCode.AllocationMismatch);
        if (request.Message.ReadXorPeerAddress(out var peer) != Reading.Present) return Error(request, ErrorCode.BadRequest);
        if (request.Message.Bytes.Length > Waiting.LongestRequest) return Error(request, ErrorCode.BadRequest);
        Show(request.Now, allocation, request.Path);
        if (allocation.Connections.TryGetValue(peer, out var existing)) return Again(request, existing);
        var relayed = allocation.AddressFor(request.Now, peer);
        if (_peers.Refusal(relayed is not null, peer, allocation.Owner.Allowance) is { } refusal) return Error(request, refusal);
        if (!_peers.Allows(peer, allocation.Owner.Allowance, isTcp: true)) return Error(request, ErrorCode.Forbidden);
        // The client may have what it wants later: bounds of ours, not of the RFC.
        if (!HasRoomForConnection(allocation) || !allocation.MayConnect(request.Now))
            return Error(request, ErrorCode.InsufficientCapacity);
        return AskToConnect(request, relayed!, peer);
    }

    Forward AskToConnect(scoped in Request request, RelayedAddress relayed, in TransportAddress peer)
    {
        var deadline = request.Now + ConnectPatience;
        var connection = new PeerConnection(_connections.NewId(_random), relayed, peer) { Transaction = request.Message.TransactionId };
        var waiting = new Connecting(request.Path, request.Message.Bytes.ToArray(), connection);
        if (_questions.Count >= MaxConnects || !_questions.TryOpen(waiting, deadline, out var id))
            return Error(request, ErrorCode.InsufficientCapacity);
        connection.Ask = id;
        _connections.Add(connection);
        var question = new TurnQuestion.ConnectPeer(connection.Id, relayed.Port.Local, _names.Inner(peer));
        _effects.Enqueue(new TurnEffect.Ask(id, question, deadline));
        return Forward.Drop(DropReason.Asked);
    }

    /// <summary>There is one to this peer: the answer to the Connect that asked for it, if that is this one; else 446, "either pending or
    /// active".</summary>
    Forward Again(scoped in Request request, PeerConnection connection)
    {
        if (connection.Transaction == request.Message.TransactionId)
            switch (connection.State)
            {
                case PeerConnectionState.Connected: return Connected(request, connection);
                case PeerConnectionState.Failed: return Error(request, ErrorCode.ConnectionTimeoutOrFailure);
            }

        return Error(request, ErrorCode.ConnectionAlreadyExists);
    }

    Forward Connected(scoped in Request request, PeerConnection connection)
    {
        _connections.AwaitBind(request.Now, connection);
        Counters.PeerConnectionsBegan++;
        var writer = Success(request);
        writer.AddConnectionId(connection.Id.Value);
        return Finish(request, ref writer);
    }

    /// <summary>Runs the kept Connect again; a connection of which its client is not told is closed.</summary>
    Forward Rerun(Instant now, Connecting waiting, TurnAnswer? answer, Span<byte> head)
    {
        var connection = waiting.Connection;
        connection.State = answer is TurnAnswer.PeerConnected ? PeerConnectionState.Connected : PeerConnectionState.Failed;
        var forward = OnClient(now, waiting.Path, waiting.Request, head);
        if (connection.State == PeerConnectionState.Unbound || _connections.Find(connection.Id) != connection) return forward;
        // What was refused the outside has closed itself.
        if (answer is TurnAnswer.PeerUnreachable) _connections.Remove(connection);
        else Close(connection);
        return forward;
    }

    bool HasRoomForConnection(Allocation allocation) =>
        _connections.Count < _settings.MaxWorkerConnections && allocation.HasRoomForConnection(_settings);
}
