using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Portunus.Credentials;

/// <summary>
/// The key of the long-term mechanism: a digest over username, realm and password (RFC 8489 §9.2.2, §18.5.1). With MD5 it is
/// SIP's H(A1). Whoever holds it can act as the user; it is never shown.
/// </summary>
public sealed class LongTermKey
{
    readonly byte[] _value;

    LongTermKey(PasswordAlgorithm algorithm, byte[] value) => (Algorithm, _value) = (algorithm, value);

    public PasswordAlgorithm Algorithm { get; }

    /// <summary>16 or 32 bytes.</summary>
    public ReadOnlySpan<byte> Span => _value;

    /// <summary>Bytes of a key: 16 for MD5, 32 for SHA-256.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number that the registry does not hold.</exception>
    public static int LengthOf(PasswordAlgorithm algorithm) => algorithm switch
    {
        PasswordAlgorithm.Md5 => 16,
        PasswordAlgorithm.Sha256 => 32,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>A key that was derived elsewhere.</summary>
    /// <exception cref="ArgumentException">Not the length that the algorithm gives.</exception>
    public static LongTermKey From(PasswordAlgorithm algorithm, ReadOnlySpan<byte> key) => key.Length == LengthOf(algorithm)
        ? new(algorithm, key.ToArray())
        : throw new ArgumentException($"A {algorithm} key has {LengthOf(algorithm)} bytes.", nameof(key));

    /// <summary>Derives from what stands on the wire, to which OpaqueString has been applied already; all in UTF-8.</summary>
    public static LongTermKey Derive(
        PasswordAlgorithm algorithm, ReadOnlySpan<byte> username, ReadOnlySpan<byte> realm, ReadOnlySpan<byte> password)
    {
        var key = new byte[LengthOf(algorithm)];
        var length = username.Length + realm.Length + password.Length + 2;
        Span<byte> text = length <= 1024 ? stackalloc byte[length] : new byte[length];
        username.CopyTo(text);
        text[username.Length] = (byte)':';
        realm.CopyTo(text[(username.Length + 1)..]);
        text[username.Length + 1 + realm.Length] = (byte)':';
        password.CopyTo(text[(username.Length + realm.Length + 2)..]);
        var hash = algorithm == PasswordAlgorithm.Md5
            ? t_md5 ??= IncrementalHash.CreateHash(HashAlgorithmName.MD5)
            : t_sha256 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(text);
        hash.GetHashAndReset(key);
        CryptographicOperations.ZeroMemory(text);
        return new(algorithm, key);
    }

    /// <summary>Derives from what a person or a file gave; false when OpaqueString refuses one of the three.</summary>
    public static bool TryDerive(
        PasswordAlgorithm algorithm, string username, string realm, string password, [NotNullWhen(true)] out LongTermKey? key)
    {
        key = null;
        if (!OpaqueString.TryEnforce(username, out var name) || !OpaqueString.TryEnforce(realm, out var place)
            || !OpaqueString.TryEnforce(password, out var secret)) return false;
        key = Derive(algorithm, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(place), Encoding.UTF8.GetBytes(secret));
        return true;
    }

    public override string ToString() => $"{nameof(LongTermKey)} ({Algorithm})";

    // Hold no state between calls, and are set up once, which is a quarter of a digest's cost; one a thread, because a hash is not
    // for two at once.
    [ThreadStatic] static IncrementalHash? t_md5;
    [ThreadStatic] static IncrementalHash? t_sha256;
}
