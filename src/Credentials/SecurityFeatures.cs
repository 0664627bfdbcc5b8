namespace Portunus.Credentials;

/// <summary>The 24 bits of the nonce cookie, bit 0 the most significant (RFC 8489 §18.1).</summary>
[Flags]
public enum SecurityFeatures : uint
{
    None = 0,

    /// <summary>Bit 0: the server lists PASSWORD-ALGORITHMS.</summary>
    PasswordAlgorithms = 0x800000,

    /// <summary>Bit 1: the server finds users by USERHASH, and clients must use it (RFC 8489 §9.2.5).</summary>
    UsernameAnonymity = 0x400000,
}
