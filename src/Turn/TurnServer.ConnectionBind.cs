using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>
    /// Finds what a ConnectionBind is about, before it is proved who sent it: the allocation holds the key, since whoever came with a
    /// token comes without one from then on (RFC 7635 §9), and the control connection was given the nonce. It is one look into a table,
    /// and tells nobody anything.
    /// </summary>
    /// <returns>False when another worker has it: then the client's connection goes there, with this request. Whose loop it is sees to it
    /// that a stranger does not have it carried for ever.</returns>
    bool FindConnection(scoped ref Request request, out Forward elsewhere)
    {
        elsewhere = default;
        if (request.Message.Method != StunMethod.ConnectionBind || !request.Path.IsStream || IsInUse(request)) return true;
        if (request.Message.ReadConnectionId(out var number) != Reading.Present) return true;
        var id = new ConnectionId(number);
        if (id.Worker != _self && id.Worker.Value < _settings.Workers)
        {
            elsewhere = Forward.HandOver(id.Worker);
            return false;
        }

        if (_connections.Find(id) is { State: PeerConnectionState.Unbound } connection && connection.Relayed.IsLive(request.Now))
            request.Connection = connection;
        return true;
    }

    /// <summary>Clients come with the nonce of the control connection (RFC 8489 §9.2.3.2), and some know of no other. It was made for
    /// another source; but a connection comes from where it says.</summary>
    static NonceVerdict JudgeBeside(scoped in Request request, StatelessNonce nonces, ReadOnlySpan<byte> nonce) =>
        request.Connection is { } connection
            ? nonces.Judge(nonce, request.Now, connection.Allocation.Path.FiveTuple.Client)
            : NonceVerdict.NotOurs;

    /// <summary>RFC 6062 §5.4. From now on the client's connection belongs to the peer's, and no message comes by it.</summary>
    Forward OnConnectionBind(scoped in Request request, Caller caller)
    {
        if (!request.Path.IsStream) return Error(request, ErrorCode.BadRequest);
        // RFC 6062 §4.3 wants "a new TCP connection": not one that controls an allocation.
        if (IsInUse(request)) return Error(request, ErrorCode.AllocationMismatch);
        if (request.Connection is not { } connection) return Error(request, ErrorCode.BadRequest);
        if (!connection.Allocation.TakesBeside(caller)) return Error(request, ErrorCode.WrongCredentials);
        // The connection that had this five-tuple is gone, or this one could not be here, though its end may not have been heard yet.
        if (_connections.TryFind(request.Path.FiveTuple, out var former)) Close(former);
        _connections.Bind(connection, request.Path);
        _effects.Enqueue(new TurnEffect.Splice(connection.Id, request.Path));
        var writer = Success(request);
        return Finish(request, ref writer);
    }

    bool IsInUse(scoped in Request request) =>
        request.Allocation is not null || _openings.ContainsKey(request.Path.FiveTuple) || _searches.ContainsKey(request.Path.FiveTuple);
}
