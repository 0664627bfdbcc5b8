namespace Portunus.Stun;

/// <summary>Why a stream cannot be cut any further: nothing tells where a message would begin, so the connection is closed.</summary>
public enum StreamFault : byte
{
    None,

    /// <summary>A first byte of neither STUN nor ChannelData (RFC 7983 §7): TLS or HTTP on a port for plain TCP, for example.</summary>
    NeitherKind,

    /// <summary>A STUN length that is no multiple of four (RFC 8489 §5).</summary>
    BadLength,

    /// <summary>No magic cookie where a STUN message has it (RFC 8489 §5).</summary>
    BadCookie,

    /// <summary>A message beyond the bound.</summary>
    TooLong,

    /// <summary>There is no memory to keep the beginning of a message until its end comes.</summary>
    NoMemory,
}
