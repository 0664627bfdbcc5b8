using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>How far a connection with a peer has come.</summary>
enum PeerConnectionState : byte
{
    /// <summary>Asked for by a Connect; the question is open.</summary>
    Connecting,

    /// <summary>The outside has opened it, and the client is about to be told.</summary>
    Connected,

    /// <summary>It could not be opened, and the client is about to be told.</summary>
    Failed,

    /// <summary>The client knows its id and has not brought its own connection for it.</summary>
    Unbound,

    /// <summary>A client data connection belongs to it.</summary>
    Bound,
}

/// <summary>A peer data connection (RFC 6062 §3): TCP between a relayed address and a peer.</summary>
sealed class PeerConnection(ConnectionId id, RelayedAddress relayed, TransportAddress peer)
{
    public ConnectionId Id { get; } = id;

    public RelayedAddress Relayed { get; } = relayed;

    public Allocation Allocation => Relayed.Allocation;

    /// <summary>As the client knows it.</summary>
    public TransportAddress Peer { get; } = peer;

    public PeerConnectionState State { get; set; }

    /// <summary>Of the Connect; says nothing of one that the peer opened.</summary>
    public TransactionId Transaction { get; init; }

    /// <summary>The question that is open while it is connecting.</summary>
    public AskId Ask { get; set; }

    /// <summary>The client data connection, once it is bound.</summary>
    public ClientPath? Client { get; set; }

    /// <summary>Whether it takes up room without being of use to anybody yet.</summary>
    public bool IsPending => State != PeerConnectionState.Bound;
}
