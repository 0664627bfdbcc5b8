using System.Buffers.Text;

namespace Portunus.Credentials;

/// <summary>
/// The 13 characters that open a nonce of RFC 8489 §9.2 and name the security features of the server, so that a bid-down
/// is seen (§9.2.1): <c>obMatJos2</c> and base64 of 24 bits.
/// </summary>
public static class NonceCookie
{
    public const int Length = 13;

    static ReadOnlySpan<byte> Prefix => "obMatJos2"u8;

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    public static void Write(Span<byte> destination, SecurityFeatures features)
    {
        Prefix.CopyTo(destination);
        var bits = (uint)features;
        Base64.EncodeToUtf8([(byte)(bits >> 16), (byte)(bits >> 8), (byte)bits], destination[Prefix.Length..], out _, out _);
    }

    /// <summary>False when the nonce does not open with a cookie: a server older than RFC 8489.</summary>
    public static bool TryRead(ReadOnlySpan<byte> nonce, out SecurityFeatures features)
    {
        features = default;
        Span<byte> bits = stackalloc byte[3];
        if (nonce.Length < Length || !nonce.StartsWith(Prefix)) return false;
        Base64.DecodeFromUtf8(nonce[Prefix.Length..Length], bits, out _, out var written);
        if (written != 3) return false;
        features = (SecurityFeatures)((bits[0] << 16) | (bits[1] << 8) | bits[2]);
        return true;
    }
}
