using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Portunus.Bedrock;

namespace Portunus.HomeCore;

/// <summary>
/// Makes nonces and knows them again without keeping them; keeps only the count of those that were answered rightly, so that
/// no answer counts twice (RFC 7616 §3.4, §5.12).
/// </summary>
/// <remarks>48 characters: base64url over 8 bytes of monotonic time, 12 of chance and 16 of HMAC-SHA-256.</remarks>
/// <param name="key">Of the settings.</param>
/// <param name="lifetime">After which a nonce is stale.</param>
/// <param name="capacity">Answered nonces that are remembered at a time.</param>
/// <param name="random">So that no two challenges are the same.</param>
sealed class NonceBook(Bytes key, TimeSpan lifetime, int capacity, IRandom random)
{
    const int OpenBytes = 20;
    const int MacBytes = 16;
    const int Characters = (OpenBytes + MacBytes) * 4 / 3;

    readonly Dictionary<string, uint> _counts = [];
    readonly Deadlines<string> _ends = new();

    public Instant? NextDeadline => _ends.Next;

    public string New(Instant now)
    {
        Span<byte> bytes = stackalloc byte[OpenBytes + MacBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.MonotonicTicks);
        random.Fill(bytes[8..OpenBytes]);
        WriteMac(bytes[..OpenBytes], bytes[OpenBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    public NonceVerdict Judge(Instant now, string nonce)
    {
        Span<byte> bytes = stackalloc byte[OpenBytes + MacBytes];
        Span<byte> mac = stackalloc byte[MacBytes];
        if (nonce.Length != Characters) return NonceVerdict.NotOurs;
        if (Base64Url.DecodeFromChars(nonce, bytes, out _, out _) != OperationStatus.Done) return NonceVerdict.NotOurs;
        WriteMac(bytes[..OpenBytes], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[OpenBytes..])) return NonceVerdict.NotOurs;
        var age = now.MonotonicTicks - BinaryPrimitives.ReadInt64BigEndian(bytes);
        // Below zero it is of a former life under the same key, whose counts are forgotten.
        return age < 0 || age > lifetime.Ticks ? NonceVerdict.Stale : NonceVerdict.Fresh;
    }

    /// <summary>Whether there is room to remember an answer to this nonce.</summary>
    public bool HasRoomFor(string nonce) => _counts.Count < capacity || _counts.ContainsKey(nonce);

    /// <summary>Counts an answer that was right; false when its count was used before.</summary>
    public bool TryCount(Instant now, string nonce, uint count)
    {
        if (_counts.TryGetValue(nonce, out var last) && count <= last) return false;
        _counts[nonce] = count;
        // It may be forgotten when the nonce itself says that it is stale.
        if (last == 0) _ends.Set(nonce, now + lifetime + TimeSpan.FromSeconds(1));
        return true;
    }

    public void OnDeadline(Instant now)
    {
        while (_ends.TryPop(now, out var nonce)) _counts.Remove(nonce);
    }

    void WriteMac(ReadOnlySpan<byte> open, Span<byte> mac)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Span, open, full);
        full[..MacBytes].CopyTo(mac);
    }
}
