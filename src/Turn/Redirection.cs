namespace Portunus.Turn;

/// <summary>When a client that wants an allocation is sent to an <see cref="Alternate"/>.</summary>
public enum Redirection : byte
{
    /// <summary>While this server drains.</summary>
    Draining,

    /// <summary>Also when it has no port or no room, in place of 508.</summary>
    Full,

    /// <summary>Always: this server balances over the others, and relays nothing itself.</summary>
    Always,
}
