namespace Portunus.Credentials;

/// <summary>The key inside an access token, which its holder proves (RFC 7635 §6.2).</summary>
public static class TokenMacKey
{
    /// <summary>Bytes of a key for MESSAGE-INTEGRITY, and of one for MESSAGE-INTEGRITY-SHA256.</summary>
    public const int Sha1Length = 20, Sha256Length = 32;

    // What coturn, up to 4.6 at least, keys its HMAC with, of the 20 bytes.
    const int ReadByAll = 16;

    /// <summary>
    /// Makes a key of bytes of chance. Zero bytes end one of 20: HMAC pads keys with zeros (RFC 2104 §2), so coturn, which takes
    /// the first 16 bytes, and all who take the 20 compute the same. 128 bits of chance are left.
    /// </summary>
    public static void Make(Span<byte> drawn)
    {
        if (drawn.Length == Sha1Length) drawn[ReadByAll..].Clear();
    }
}
