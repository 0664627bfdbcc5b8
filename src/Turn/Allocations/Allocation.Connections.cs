using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

// What an allocation of TCP has more (RFC 6062).
sealed partial class Allocation
{
    /// <summary>So many Connects at once, and so many a second from then on: who looks for open ports at peers is slow.</summary>
    static readonly BucketRate ConnectRate = new(4, 32);

    TokenBucket _connects;

    /// <summary>Whether its relayed addresses are of TCP.</summary>
    public bool IsTcp { get; init; }

    /// <summary>By peer: RFC 6062 §3, "a maximum of one connection to a given peer transport address".</summary>
    public Dictionary<TransportAddress, PeerConnection> Connections { get; } = [];

    /// <summary>Whether it may try to connect once more at this moment; a try counts.</summary>
    public bool MayConnect(Instant now) => _connects.TryTake(now, ConnectRate, 1);

    public bool HasRoomForConnection(TurnSettings settings) =>
        Connections.Count < settings.MaxConnections
        && Connections.Values.Count(connection => connection.IsPending) < settings.MaxPendingConnections;

    /// <summary>Whether a data connection may come from a caller. RFC 6062 §4.3: "MUST use the same method and credentials as for the
    /// control connection"; of tokens one that was given to the same user, by RFC 7635 §9 a newer one as well.</summary>
    public bool TakesBeside(Caller caller) => caller == Owner || caller == Former
        || (caller.Subject == Owner.Subject && (caller.Token is not null || caller.Username.Equals(Owner.Username)));
}
