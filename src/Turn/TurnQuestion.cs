using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

/// <summary>What a machine asks of the outside.</summary>
public abstract record TurnQuestion
{
    TurnQuestion()
    {
    }

    /// <summary>Open a socket at <paramref name="Address"/>, port included, and call it <paramref name="Relay"/>.</summary>
    public sealed record OpenRelay(RelayId Relay, TransportAddress Address) : TurnQuestion
    {
        /// <summary>Open another at the port after it, too, under this name, or neither of them: it holds a port that is reserved (RFC
        /// 8656 §7.2, EVEN-PORT). Null for one alone.</summary>
        public RelayId? Next { get; init; }

        /// <summary>Of TCP, where peers may connect (RFC 6062 §5.1), and not of UDP.</summary>
        public bool IsTcp { get; init; }
    }

    /// <summary>Connect from a relay's own address to a peer (RFC 6062 §5.2), and call that <paramref name="Connection"/>.</summary>
    public sealed record ConnectPeer(ConnectionId Connection, TransportAddress Local, TransportAddress Peer) : TurnQuestion;

    /// <summary>Have another worker close the socket that holds a reserved port, by <see cref="TurnOrder.Yield"/>: the allocation that
    /// the port was reserved for begins here.</summary>
    public sealed record YieldRelay(RelayId Held) : TurnQuestion;

    /// <summary>Does an edge know this username, which <see cref="PushedName"/> allows? If so, put its credential into the table
    /// that the verifier asks, then answer.</summary>
    public sealed record FindCredential(string Username) : TurnQuestion;
}
