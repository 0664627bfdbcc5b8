using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Portunus.Tests.Conformance.Wire;

/// <summary>Seals a self-contained token as an authorization server does (RFC 7635 §6.2).</summary>
static class AccessToken
{
    const int NonceLength = 12, TagLength = 16;

    /// <param name="key">K, shared with the TURN server: 32 bytes, for A256GCM.</param>
    /// <param name="serverName">The associated data.</param>
    /// <param name="macKey">The session key of the client.</param>
    /// <param name="issued">TS.</param>
    /// <param name="seconds">The lifetime.</param>
    public static byte[] Seal(byte[] key, string serverName, byte[] macKey, DateTimeOffset issued, uint seconds)
    {
        var plain = new byte[2 + macKey.Length + 12];
        BinaryPrimitives.WriteUInt16BigEndian(plain, (ushort)macKey.Length);
        macKey.CopyTo(plain, 2);
        // 48 bits of seconds and 16 of their 64000th parts.
        BinaryPrimitives.WriteUInt64BigEndian(plain.AsSpan(2 + macKey.Length), (ulong)issued.ToUnixTimeSeconds() << 16);
        BinaryPrimitives.WriteUInt32BigEndian(plain.AsSpan(10 + macKey.Length), seconds);
        var token = new byte[2 + NonceLength + plain.Length + TagLength];
        BinaryPrimitives.WriteUInt16BigEndian(token, NonceLength);
        var nonce = token.AsSpan(2, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var gcm = new AesGcm(key, TagLength);
        var associated = Encoding.UTF8.GetBytes(serverName);
        gcm.Encrypt(nonce, plain, token.AsSpan(2 + NonceLength, plain.Length), token.AsSpan(^TagLength), associated);
        return token;
    }
}
