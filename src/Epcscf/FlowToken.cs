using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Portunus.Bedrock;

namespace Portunus.Epcscf;

/// <summary>What a flow token is for; each kind is sealed apart, so none passes as another.</summary>
enum TokenKind : byte
{
    /// <summary>In Path: leads a request to a flow (RFC 3327, RFC 5626 §5.2).</summary>
    Path = 1,

    /// <summary>In the Record-Route of a dialog that the WIC began.</summary>
    Caller = 2,

    /// <summary>In the Record-Route of a dialog that came to the WIC.</summary>
    Callee = 3,

    /// <summary>In the Contact of our own SUBSCRIBE: leads a NOTIFY to its watch.</summary>
    Watch = 4,
}

/// <summary>
/// The user part of our own URIs in Path and Record-Route: which shard, and which flow or registration there, sealed with a MAC
/// (RFC 5626 §5.2: "a token that cannot be modified by another party").
/// </summary>
/// <remarks>36 characters: base64url over kind (1 byte), shard (1), generation (5), number (8), 12 of HMAC-SHA-256.</remarks>
/// <param name="Kind">What for.</param>
/// <param name="Shard">Readable without the key, so that a node can steer.</param>
/// <param name="Generation">Drawn when the machine was made: numbers begin anew, and old tokens lead to no new flow.</param>
/// <param name="Number">Of the flow in a Path, of the registration in a Record-Route, of the watch in a Contact.</param>
readonly record struct FlowToken(TokenKind Kind, ShardId Shard, ulong Generation, ulong Number)
{
    const int OpenBytes = 15;
    const int MacBytes = 12;
    const int Characters = (OpenBytes + MacBytes) * 4 / 3;

    /// <summary>A generation has 40 bits.</summary>
    public const ulong GenerationMask = 0xFF_FFFF_FFFF;

    /// <param name="key">Of the settings.</param>
    /// <param name="bound">What the token is only good for: Call-ID and tag of a dialog; empty in a Path.</param>
    public string Seal(Bytes key, string bound = "")
    {
        Span<byte> bytes = stackalloc byte[OpenBytes + MacBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Generation << 8);
        bytes[0] = (byte)Kind;
        bytes[1] = Shard.Value;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[7..], Number);
        WriteMac(key, bytes[..OpenBytes], bound, bytes[OpenBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a token without looking at its seal; false when it has not the form of one.</summary>
    public static bool TryRead(string? text, out FlowToken token)
    {
        Span<byte> bytes = stackalloc byte[OpenBytes + MacBytes];
        return TryRead(text, bytes, out token);
    }

    /// <summary>Reads a token and checks its seal, in constant time; false for one that we did not make for this.</summary>
    public static bool TryOpen(Bytes key, string? text, string bound, out FlowToken token)
    {
        Span<byte> bytes = stackalloc byte[OpenBytes + MacBytes];
        if (!TryRead(text, bytes, out token)) return false;
        Span<byte> mac = stackalloc byte[MacBytes];
        WriteMac(key, bytes[..OpenBytes], bound, mac);
        return CryptographicOperations.FixedTimeEquals(mac, bytes[OpenBytes..]);
    }

    static bool TryRead(string? text, Span<byte> bytes, out FlowToken token)
    {
        token = default;
        if (text is not { Length: Characters }) return false;
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done) return false;
        if (written != bytes.Length) return false;
        var kind = (TokenKind)bytes[0];
        if (kind is < TokenKind.Path or > TokenKind.Watch) return false;
        var generation = (BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 8) & GenerationMask;
        token = new(kind, new(bytes[1]), generation, BinaryPrimitives.ReadUInt64BigEndian(bytes[7..]));
        return true;
    }

    static void WriteMac(Bytes key, ReadOnlySpan<byte> open, string bound, Span<byte> mac)
    {
        var boundLength = Encoding.UTF8.GetByteCount(bound);
        var text = new byte[open.Length + boundLength];
        open.CopyTo(text);
        Encoding.UTF8.GetBytes(bound, text.AsSpan(open.Length));
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Span, text, full);
        full[..MacBytes].CopyTo(mac);
    }
}
