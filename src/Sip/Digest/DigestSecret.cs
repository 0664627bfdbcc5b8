using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Portunus.Sip;

/// <summary>H(A1), the hash of user, realm and password: all that a server keeps of a password (RFC 7616 §3.4.2).</summary>
/// <remarks>As good as the password within its realm: never in a log, and its text hides it.</remarks>
public sealed class DigestSecret
{
    readonly string _hex;

    DigestSecret(DigestAlgorithm algorithm, string hex) => (Algorithm, _hex) = (algorithm, hex);

    public DigestAlgorithm Algorithm { get; }

    /// <summary>A1 = username ":" realm ":" password.</summary>
    public static DigestSecret Of(DigestAlgorithm algorithm, string username, string realm, string password) =>
        new(algorithm, algorithm.Hash($"{username}:{realm}:{password}"));

    /// <exception cref="ArgumentException">Not as long as a hash of that algorithm.</exception>
    public static DigestSecret FromBytes(DigestAlgorithm algorithm, ReadOnlySpan<byte> hash) =>
        hash.Length == algorithm.HashLength()
            ? new(algorithm, Convert.ToHexStringLower(hash))
            : throw new ArgumentException($"H(A1) of {algorithm.Text()} has {algorithm.HashLength()} bytes.", nameof(hash));

    /// <summary>Reads hex in either case; false when it is not a hash of that algorithm.</summary>
    public static bool TryParse(DigestAlgorithm algorithm, string? hex, [NotNullWhen(true)] out DigestSecret? secret)
    {
        secret = hex is not null && hex.Length == algorithm.HashLength() * 2 && hex.All(char.IsAsciiHexDigit)
            ? new(algorithm, hex.ToLowerInvariant())
            : null;
        return secret is not null;
    }

    public byte[] ToBytes() => Convert.FromHexString(_hex);

    /// <summary>The response to a challenge, in lower-case hex (RFC 7616 §3.4.1; without qop RFC 3261 §22.4 note 6).</summary>
    public string Respond(string method, string uri, string nonce, string? qop, string? nonceCount, string? cnonce)
    {
        var a2 = Algorithm.Hash($"{method}:{uri}");
        return Algorithm.Hash(qop is null ? $"{_hex}:{nonce}:{a2}" : $"{_hex}:{nonce}:{nonceCount}:{cnonce}:{qop}:{a2}");
    }

    /// <summary>Whether the credentials were made with this secret. Takes as long for the wrong as for the right ones.</summary>
    /// <remarks>Says nothing about the nonce, its count, or the realm: those are the challenger's to know.</remarks>
    public bool Verify(DigestCredentials credentials, string method)
    {
        if (credentials.Algorithm != Algorithm || credentials.Qop is not (null or "auth")) return false;
        var expected = Respond(
            method, credentials.Uri, credentials.Nonce, credentials.Qop, credentials.NonceCountText, credentials.ClientNonce);
        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(credentials.Response.ToLowerInvariant()));
    }

    public override string ToString() => $"H(A1) {Algorithm.Text()}";
}
