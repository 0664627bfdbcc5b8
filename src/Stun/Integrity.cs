namespace Portunus.Stun;

/// <summary>The integrity attribute of a message: which of the two, or none (RFC 8489 §14.5, §14.6).</summary>
public enum Integrity : byte
{
    None,

    /// <summary>MESSAGE-INTEGRITY, HMAC-SHA1.</summary>
    Sha1,

    /// <summary>MESSAGE-INTEGRITY-SHA256, HMAC-SHA256.</summary>
    Sha256,
}
