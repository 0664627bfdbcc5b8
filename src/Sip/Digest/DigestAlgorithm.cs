namespace Portunus.Sip;

/// <summary>The hash of a digest: what RFC 3261 knows and what RFC 8760 adds and this project serves.</summary>
public enum DigestAlgorithm
{
    /// <summary>All that JsSIP knows.</summary>
    Md5,

    /// <summary>SHA-256 (RFC 8760 §2).</summary>
    Sha256,
}
