using System.Security.Cryptography;
using System.Text;

namespace Portunus.Sip;

/// <summary>Names and hashes of the algorithms.</summary>
public static class DigestAlgorithmExtensions
{
    public static string Text(this DigestAlgorithm algorithm) => algorithm is DigestAlgorithm.Sha256 ? "SHA-256" : "MD5";

    /// <summary>Bytes of a hash: 16 or 32.</summary>
    public static int HashLength(this DigestAlgorithm algorithm) => algorithm is DigestAlgorithm.Sha256 ? 32 : 16;

    /// <param name="text">Null means MD5 (RFC 7616 §3.3).</param>
    /// <param name="algorithm">Only meant when the answer is true.</param>
    public static bool TryParse(string? text, out DigestAlgorithm algorithm)
    {
        algorithm = "SHA-256".Equals(text, StringComparison.OrdinalIgnoreCase) ? DigestAlgorithm.Sha256 : DigestAlgorithm.Md5;
        return text is null || text.Equals(algorithm.Text(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>H(): in lower-case hex.</summary>
    internal static string Hash(this DigestAlgorithm algorithm, string text)
    {
        Span<byte> hash = stackalloc byte[32];
        var bytes = Encoding.UTF8.GetBytes(text);
#pragma warning disable CA5351 // MD5 is the algorithm of RFC 3261 §22; nothing else may be chosen for those who know no other.
        var length = algorithm is DigestAlgorithm.Sha256 ? SHA256.HashData(bytes, hash) : MD5.HashData(bytes, hash);
#pragma warning restore CA5351
        return Convert.ToHexStringLower(hash[..length]);
    }
}
