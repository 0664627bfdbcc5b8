namespace Portunus.Credentials;

/// <summary>How a long-term key is derived from a password, by the number of its registry (RFC 8489 §18.5).</summary>
public enum PasswordAlgorithm : ushort
{
    /// <summary>16 bytes of key; only for clients that know no better (RFC 8489 §18.5.1.1).</summary>
    Md5 = 1,

    /// <summary>32 bytes of key.</summary>
    Sha256 = 2,
}
