using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portunus.Bedrock;

namespace Portunus.Epcscf;

/// <summary>
/// What a registration is called outside of the edge: 16 hexadecimal digits of chance, which say nothing of a person. The same in
/// all kinds of credentials, so that one id revokes them all: the opaque part of a time-limited name, a pushed name, and the first
/// 8 bytes of the nonce of a token of RFC 7635, which a TURN server shows as these digits.
/// </summary>
static class OpaqueId
{
    /// <summary>Characters.</summary>
    public const int Length = 16;

    public static string Draw(IRandom random) => Write(random.NextUInt64());

    /// <summary>One that only this key gives to that subject.</summary>
    public static string Of(Bytes key, string subject)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes(subject), mac);
        return Write(BinaryPrimitives.ReadUInt64BigEndian(mac));
    }

    /// <summary>Its 8 bytes; false for what is none.</summary>
    public static bool TryWrite(string id, Span<byte> bytes) =>
        ulong.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && id.Length == Length
        && BinaryPrimitives.TryWriteUInt64BigEndian(bytes, value);

    static string Write(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);
}
