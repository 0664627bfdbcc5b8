namespace Portunus.Store;

/// <summary>The digest algorithms that a subscriber is offered (RFC 8760 §2.1).</summary>
[Flags]
public enum DigestAlgorithms
{
    None = 0,

    /// <summary>All that JsSIP and most telephones know.</summary>
    Md5 = 1,

    Sha256 = 2,
}
