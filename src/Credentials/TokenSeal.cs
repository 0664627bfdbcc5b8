using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Portunus.Bedrock;

namespace Portunus.Credentials;

/// <summary>
/// Seals and opens access tokens under one key for one TURN server, whose name is the associated data (RFC 7635 §6.2): a token
/// for another server does not open. One thread at a time, as the cipher inside.
/// </summary>
public sealed class TokenSeal : IDisposable
{
    /// <summary>Bytes of the AEAD nonce (RFC 5116 §5.1), and of what in it names a registration or a grant.</summary>
    public const int NonceLength = 12, IdLength = 8;

    const int TagLength = 16;

    // uint16 length of the key, uint64 timestamp, uint32 lifetime.
    const int FixedLength = 14;

    readonly AesGcm _cipher;
    readonly byte[] _serverName;

    /// <param name="key">Shared by authorization server and TURN server.</param>
    /// <param name="serverName">As THIRD-PARTY-AUTHORIZATION has it; its bytes without length or NUL.</param>
    public TokenSeal(TokenKey key, string serverName)
    {
        _cipher = new(key.Value.Span, TagLength);
        _serverName = Encoding.UTF8.GetBytes(serverName);
        Kid = key.Kid;
    }

    /// <summary>Of the key; the USERNAME of who shows the token.</summary>
    public string Kid { get; }

    /// <summary>Makes a token: <c>nonce_length nonce encrypted_block</c>.</summary>
    /// <param name="nonce">12 bytes, never twice under one key: an id of 8 and a counter of 4.</param>
    /// <param name="macKey">20 or 32 bytes.</param>
    /// <param name="issuedAt">The wall clock dates it, with its fraction in 1/64000 s.</param>
    /// <param name="lifetime">Seconds, 1 to <see cref="AccessToken.LongestLifetime"/>.</param>
    /// <exception cref="ArgumentException">One of them has another size.</exception>
    public Bytes Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> macKey, Instant issuedAt, uint lifetime)
    {
        if (nonce.Length != NonceLength) throw new ArgumentException($"The nonce has {NonceLength} bytes.", nameof(nonce));
        if (macKey.Length is not (20 or 32)) throw new ArgumentException("The key has 20 or 32 bytes.", nameof(macKey));
        if (lifetime is 0 or > AccessToken.LongestLifetime) throw new ArgumentOutOfRangeException(nameof(lifetime));

        Span<byte> plain = stackalloc byte[FixedLength + macKey.Length];
        BinaryPrimitives.WriteUInt16BigEndian(plain, (ushort)macKey.Length);
        macKey.CopyTo(plain[2..]);
        var fraction = issuedAt.WallTicks - (issuedAt.UnixSeconds * TimeSpan.TicksPerSecond);
        var timestamp = ((ulong)issuedAt.UnixSeconds << 16) | (ulong)(fraction * 64_000 / TimeSpan.TicksPerSecond);
        BinaryPrimitives.WriteUInt64BigEndian(plain[(2 + macKey.Length)..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(plain[(10 + macKey.Length)..], lifetime);

        Span<byte> token = stackalloc byte[2 + NonceLength + plain.Length + TagLength];
        BinaryPrimitives.WriteUInt16BigEndian(token, NonceLength);
        nonce.CopyTo(token[2..]);
        var block = token[(2 + NonceLength)..];
        _cipher.Encrypt(nonce, plain, block[..plain.Length], block[plain.Length..], _serverName);
        CryptographicOperations.ZeroMemory(plain);
        return Bytes.Copy(token);
    }

    /// <summary>Opens a token; false when it was not sealed under this key for this server, or has not the form of one. Whether it
    /// is fresh is for the caller to ask.</summary>
    public bool TryOpen(ReadOnlySpan<byte> token, [NotNullWhen(true)] out AccessToken? opened)
    {
        opened = null;
        const int least = 2 + NonceLength + FixedLength + TagLength;
        if (token.Length is <= least or > AccessToken.MostSealed) return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(token) != NonceLength) return false;
        var nonce = token.Slice(2, NonceLength);
        var block = token[(2 + NonceLength)..];
        Span<byte> plain = stackalloc byte[block.Length - TagLength];
        if (!TryDecrypt(nonce, block[..plain.Length], block[plain.Length..], plain)) return false;

        // Nothing may follow the lifetime; a key of another size has no integrity attribute that it is for.
        int length = BinaryPrimitives.ReadUInt16BigEndian(plain);
        if (length is not (20 or 32) || plain.Length != FixedLength + length) return false;
        var timestamp = BinaryPrimitives.ReadUInt64BigEndian(plain[(2 + length)..]);
        var lifetime = BinaryPrimitives.ReadUInt32BigEndian(plain[(10 + length)..]);
        if (lifetime is 0 or > AccessToken.LongestLifetime) return false;
        opened = new(Bytes.Copy(plain.Slice(2, length)), (long)(timestamp >> 16), lifetime, Bytes.Copy(nonce[..IdLength]));
        CryptographicOperations.ZeroMemory(plain);
        return true;
    }

    public void Dispose() => _cipher.Dispose();

    bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> block, ReadOnlySpan<byte> tag, Span<byte> plain)
    {
        try
        {
            _cipher.Decrypt(nonce, block, tag, plain, _serverName);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            // The cipher has no other way to say no. It is reached only under a nonce of ours that is fresh and bound to its
            // source, so nobody can make it happen from a forged address.
            return false;
        }
    }
}
