namespace Portunus.Stun;

/// <summary>Why bytes are not a STUN message (RFC 8489 §5, §6.3); all of these are dropped in silence.</summary>
public enum StunError : byte
{
    None,

    /// <summary>Fewer than the 20 bytes of a header.</summary>
    TooShort,

    /// <summary>One of the two most significant bits is set: another protocol.</summary>
    NotStun,

    /// <summary>The magic cookie is not 0x2112A442.</summary>
    BadCookie,

    /// <summary>The length is no multiple of 4, or not that of the datagram.</summary>
    BadLength,

    /// <summary>An attribute claims to reach beyond the end.</summary>
    AttributeOverrun,

    /// <summary>More attributes than <see cref="StunMessage.MostAttributes"/>.</summary>
    TooManyAttributes,

    /// <summary>FINGERPRINT is of the wrong length or not the last attribute (RFC 8489 §14.7).</summary>
    MisplacedFingerprint,

    /// <summary>FINGERPRINT does not match.</summary>
    BadFingerprint,
}
