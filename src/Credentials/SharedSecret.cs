using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Portunus.Credentials;

/// <summary>
/// The secret between the one who mints time-limited credentials and the TURN servers that check them
/// (draft-uberti-behave-turn-rest §2.2), with its hash. Immutable; never shown.
/// </summary>
public sealed class SharedSecret
{
    /// <summary>How many a server tries: two for a rotation, two for a change of hash.</summary>
    public const int MostTried = 4;

    /// <summary>Base64 of 64 bytes.</summary>
    public const int MostPasswordLength = 88;

    /// <summary>The blocks of SHA-1 and SHA-256, and of SHA-384 and SHA-512 (RFC 2104 §2: B).</summary>
    const int Block = 64, LongBlock = 128;

    // The two padded blocks of HMAC, made once: the runtime's one call sets up a key and a digest each time, which costs more than the
    // digests themselves.
    readonly byte[] _inner;
    readonly byte[] _outer;

    /// <exception cref="ArgumentException">An empty secret.</exception>
    public SharedSecret(SecretHash hash, ReadOnlySpan<byte> secret)
    {
        if (secret.IsEmpty) throw new ArgumentException("A shared secret is not empty.", nameof(secret));
        Hash = hash;
        var block = new byte[hash is SecretHash.Sha1 or SecretHash.Sha256 ? Block : LongBlock];
        // RFC 2104 §3: a key longer than a block is hashed first.
        if (secret.Length > block.Length) CryptographicOperations.HashData(NameOf(hash), secret, block);
        else secret.CopyTo(block);
        (_inner, _outer) = ([.. block.Select(b => (byte)(b ^ 0x36))], [.. block.Select(b => (byte)(b ^ 0x5C))]);
        CryptographicOperations.ZeroMemory(block);
    }

    public SecretHash Hash { get; }

    /// <summary>
    /// Reads <c>S</c>, <c>sha1:S</c>, <c>sha256:S</c>, <c>sha384:S</c> or <c>sha512:S</c>; false for an empty S.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SharedSecret? secret)
    {
        var (hash, from) = text switch
        {
            _ when text.StartsWith("sha1:", StringComparison.Ordinal) => (SecretHash.Sha1, 5),
            _ when text.StartsWith("sha256:", StringComparison.Ordinal) => (SecretHash.Sha256, 7),
            _ when text.StartsWith("sha384:", StringComparison.Ordinal) => (SecretHash.Sha384, 7),
            _ when text.StartsWith("sha512:", StringComparison.Ordinal) => (SecretHash.Sha512, 7),
            _ => (SecretHash.Sha1, 0),
        };
        secret = from < text.Length ? new(hash, Encoding.UTF8.GetBytes(text[from..])) : null;
        return secret is not null;
    }

    /// <summary>
    /// Writes the password of a username, base64 of the HMAC over its bytes, and returns its length, at most
    /// <see cref="MostPasswordLength"/>.
    /// </summary>
    public int WritePassword(ReadOnlySpan<byte> username, Span<byte> password)
    {
        Span<byte> mac = stackalloc byte[64];
        var hash = (t_hashes ??= new IncrementalHash?[4])[(int)Hash] ??= IncrementalHash.CreateHash(NameOf(Hash));
        hash.AppendData(_inner);
        hash.AppendData(username);
        var length = hash.GetHashAndReset(mac);
        hash.AppendData(_outer);
        hash.AppendData(mac[..length]);
        hash.GetHashAndReset(mac);
        Base64.EncodeToUtf8(mac[..length], password, out _, out var written);
        return written;
    }

    public override string ToString() => $"{nameof(SharedSecret)} ({Hash})";

    static HashAlgorithmName NameOf(SecretHash hash) => hash switch
    {
        SecretHash.Sha1 => HashAlgorithmName.SHA1,
        SecretHash.Sha256 => HashAlgorithmName.SHA256,
        SecretHash.Sha384 => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    // Hold no state between calls; one a thread, because a hash is not for two at once.
    [ThreadStatic] static IncrementalHash?[]? t_hashes;
}
