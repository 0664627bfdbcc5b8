using Portunus.Bedrock;
using Portunus.Transport;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>
/// A client's data connection and a peer's that are one from ConnectionBind on (RFC 6062 §3): what comes by the one goes by the other. One
/// piece at most waits in each direction; until it is gone, nothing is read that would go there, and so the windows of TCP hold back
/// whoever is too fast.
/// </summary>
sealed class Splice(ClientStream client, PeerStream peer)
{
    // Who has ended one direction may wait so long for something in the other; then nobody is there.
    static readonly TimeSpan HalfOpenPatience = TimeSpan.FromSeconds(60);

    public ClientStream Client => client;

    public PeerStream Peer => peer;

    public SpliceWay ToPeer { get; } = new();

    public SpliceWay ToClient { get; } = new();

    /// <summary>When something was read, in whichever direction.</summary>
    public Instant LastMoved { get; set; }

    /// <summary>For what its data path waits at either; null when that is not known.</summary>
    public Interest? ClientInterest { get; set; }

    public Interest? PeerInterest { get; set; }

    /// <summary>Whether all that was said has been passed on, its ends included.</summary>
    public bool IsDone => ToPeer.IsFinished && ToClient.IsFinished;

    public bool IsHalfOpen => ToPeer.IsFinished != ToClient.IsFinished;

    /// <summary>Since when it is of no use to anybody; in the future while it may be.</summary>
    public Instant DeadAt => IsHalfOpen ? LastMoved + HalfOpenPatience : Instant.MaxValue;

    public SpliceWay Way(RelayDirection direction) => direction == RelayDirection.ToPeer ? ToPeer : ToClient;

    /// <summary>Whether more may be read that goes in a direction.</summary>
    public bool MayRead(Instant now, RelayDirection direction)
    {
        var way = Way(direction);
        var waiting = direction == RelayDirection.ToPeer ? peer.Waiting : client.Waiting;
        return !way.HasEnded && waiting == 0 && now >= way.PausedUntil;
    }

    /// <summary>When it is to be looked at though nothing happens; null for never.</summary>
    public Instant? LookAt(Instant now)
    {
        var due = IsHalfOpen ? DeadAt : (Instant?)null;
        if (!ToPeer.HasEnded && ToPeer.PausedUntil > now) due = Instant.Earliest(due, ToPeer.PausedUntil);
        if (!ToClient.HasEnded && ToClient.PausedUntil > now) due = Instant.Earliest(due, ToClient.PausedUntil);
        return due;
    }
}

/// <summary>One direction of a <see cref="Splice"/>.</summary>
sealed class SpliceWay
{
    /// <summary>Whoever speaks in it has ended.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Whoever hears was told so, after all that was said before.</summary>
    public bool IsFinished { get; set; }

    /// <summary>Before this its subject has no bandwidth left.</summary>
    public Instant PausedUntil { get; set; }
}
