using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>What a machine wants changed in the world; the join performs it after it flushed what was returned.</summary>
public abstract record TurnEffect
{
    TurnEffect()
    {
    }

    /// <summary>A question for <see cref="TurnServer.OnAnswer"/> with the same id; silence is answered by the machine.</summary>
    public sealed record Ask(AskId Id, TurnQuestion Question, Instant Deadline) : TurnEffect;

    /// <summary>Close a relay socket that was opened. It is said once for every relay that was.</summary>
    public sealed record CloseRelay(RelayId Relay) : TurnEffect;

    /// <summary>An order for another worker. It may get lost where that worker is far behind: then whatever shows that it did brings the
    /// next.</summary>
    public sealed record Post(WorkerId To, TurnOrder Order) : TurnEffect;

    /// <summary>Close a connection with a peer, and the client's that belongs to it, whatever has become of either. It is said once for
    /// each that was opened, or is being opened.</summary>
    public sealed record ClosePeer(ConnectionId Connection) : TurnEffect;

    /// <summary>From now on what comes by the client's connection goes to the peer, and the other way round (RFC 6062 §5.4); the answer
    /// that was returned goes before.</summary>
    public sealed record Splice(ConnectionId Connection, ClientPath Client) : TurnEffect;

    /// <summary>Something an operator may want to read later. Never a secret.</summary>
    public sealed record Audit(TurnAudit Event) : TurnEffect;
}
