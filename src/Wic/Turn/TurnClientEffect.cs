using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Wic;

/// <summary>What a <see cref="TurnClient"/> wants done, or wants known, in order.</summary>
public abstract record TurnClientEffect
{
    TurnClientEffect()
    {
    }

    /// <summary>Send this datagram to the server.</summary>
    public sealed record ToServer(ReadOnlyMemory<byte> Datagram) : TurnClientEffect;

    /// <summary>The relay is there.</summary>
    /// <param name="Relayed">What peers send to.</param>
    /// <param name="Mapped">Whom the server sees (RFC 8489 §14.2).</param>
    /// <param name="Lifetime">What the server gave; the client refreshes in time.</param>
    public sealed record Allocated(TransportAddress Relayed, TransportAddress Mapped, TimeSpan Lifetime) : TurnClientEffect;

    /// <summary>The server wants a token (RFC 7635 §6.1): <see cref="TurnClient.Renew"/> gives it, and the client goes on.</summary>
    /// <param name="ServerName">Whom the token must be made for; letters, digits, and what is in names and addresses.</param>
    public sealed record TokenWanted(string ServerName) : TurnClientEffect;

    /// <summary>The peer may send to the relay, and <see cref="TurnClient.TrySend"/> reaches it.</summary>
    /// <param name="Peer">As it was asked for.</param>
    /// <param name="Channel">The channel bound to it; null when it has a permission only.</param>
    public sealed record Admitted(TransportAddress Peer, ChannelNumber? Channel) : TurnClientEffect;

    /// <summary>A peer sent this.</summary>
    public sealed record Received(TransportAddress Peer, ReadOnlyMemory<byte> Payload) : TurnClientEffect;

    /// <summary>A request came to nothing.</summary>
    /// <param name="Method">Of the request.</param>
    /// <param name="Cause">Why.</param>
    /// <param name="Code">Of the error response; default when there was none.</param>
    /// <param name="Peer">Whom it was for; null for Allocate and Refresh.</param>
    public sealed record Failed(
        StunMethod Method, TurnClientFailure Cause, ErrorCode Code, TransportAddress? Peer) : TurnClientEffect
    {
        /// <summary>Where the server sends the client instead, by a 300 that was proved (RFC 8489 §10); null for nowhere.</summary>
        public TransportAddress? Alternate { get; init; }
    }

    /// <summary>The relay is gone: given back, never made, or lost with a <see cref="Failed"/> before this.</summary>
    public sealed record Ended : TurnClientEffect;
}

/// <summary>Why a request of a TURN client came to nothing.</summary>
public enum TurnClientFailure : byte
{
    /// <summary>The server answered with an error.</summary>
    Refused,

    /// <summary>No answer within 39.5 s (RFC 8489 §6.2.1).</summary>
    Timeout,

    /// <summary>The system says that nobody listens there (RFC 8489 §6.2.1: a hard ICMP error).</summary>
    Unreachable,

    /// <summary>Every answer failed its integrity check (RFC 8489 §9.2.5).</summary>
    Integrity,

    /// <summary>
    /// The challenge cannot be met: its algorithms are unknown, or were taken out on the way (RFC 8489 §9.2.5).
    /// </summary>
    Challenge,

    /// <summary>401 to a token whose time is over by the client's clock: get a new one (RFC 7635 §8).</summary>
    TokenExpired,

    /// <summary>401 to a token that should be good: its kid is unknown there, or its key, or the two clocks are apart.</summary>
    TokenRefused,

    /// <summary>The server takes tokens, but for another name than this one was made for.</summary>
    TokenForAnother,

    /// <summary>What was given for a token is none that a client could send.</summary>
    TokenMalformed,

    /// <summary>The server takes no tokens, and there is no password.</summary>
    TokenUnwanted,
}
