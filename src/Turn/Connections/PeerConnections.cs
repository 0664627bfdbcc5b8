using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>The connections with peers of one worker: by id, by the client data connection that belongs to one, and when those that
/// nobody binds are over.</summary>
sealed class PeerConnections(WorkerId worker)
{
    /// <summary>RFC 6062 §5.2, §5.3: "If no ConnectionBind request ... is received after 30 seconds".</summary>
    static readonly TimeSpan BindPatience = TimeSpan.FromSeconds(30);

    readonly Dictionary<ConnectionId, PeerConnection> _byId = [];
    readonly Dictionary<FiveTuple, PeerConnection> _byClient = [];
    readonly Deadlines<ConnectionId> _unbound = new();

    public int Count => _byId.Count;

    public Instant? NextDeadline => _unbound.Next;

    /// <summary>An id that names nothing.</summary>
    public ConnectionId NewId(IRandom random)
    {
        ConnectionId id;
        do id = ConnectionId.Draw(worker, random);
        while (_byId.ContainsKey(id));
        return id;
    }

    public void Add(PeerConnection connection)
    {
        _byId.Add(connection.Id, connection);
        connection.Allocation.Connections.Add(connection.Peer, connection);
    }

    public PeerConnection? Find(ConnectionId id) => _byId.GetValueOrDefault(id);

    public bool IsClient(in FiveTuple client) => _byClient.ContainsKey(client);

    public bool TryFind(in FiveTuple client, [NotNullWhen(true)] out PeerConnection? connection) =>
        _byClient.TryGetValue(client, out connection);

    /// <summary>The client is told of it: from now on it waits for a ConnectionBind.</summary>
    public void AwaitBind(Instant now, PeerConnection connection)
    {
        connection.State = PeerConnectionState.Unbound;
        _unbound.Set(connection.Id, now + BindPatience);
    }

    public void Bind(PeerConnection connection, in ClientPath client)
    {
        (connection.State, connection.Client) = (PeerConnectionState.Bound, client);
        _unbound.Cancel(connection.Id);
        _byClient.Add(client.FiveTuple, connection);
    }

    public void Remove(PeerConnection connection)
    {
        _byId.Remove(connection.Id);
        connection.Allocation.Connections.Remove(connection.Peer);
        _unbound.Cancel(connection.Id);
        if (connection.Client is { } client) _byClient.Remove(client.FiveTuple);
    }

    /// <summary>One for which nobody came in time.</summary>
    public bool TryPopUnbound(Instant now, [NotNullWhen(true)] out PeerConnection? connection)
    {
        connection = _unbound.TryPop(now, out var id) ? Find(id) : null;
        return connection is not null;
    }
}
