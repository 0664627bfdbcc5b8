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

    readonly byte[] _key;

    /// <exception cref="ArgumentException">An empty secret.</exception>
    public SharedSecret(SecretHash hash, ReadOnlySpan<byte> secret)
    {
        if (secret.IsEmpty) throw new ArgumentException("A shared secret is not empty.", nameof(secret));
        (Hash, _key) = (hash, secret.ToArray());
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
        var length = Hash switch
        {
            SecretHash.Sha1 => HMACSHA1.HashData(_key, username, mac),
            SecretHash.Sha256 => HMACSHA256.HashData(_key, username, mac),
            SecretHash.Sha384 => HMACSHA384.HashData(_key, username, mac),
            _ => HMACSHA512.HashData(_key, username, mac),
        };
        Base64.EncodeToUtf8(mac[..length], password, out _, out var written);
        return written;
    }

    public override string ToString() => $"{nameof(SharedSecret)} ({Hash})";
}
