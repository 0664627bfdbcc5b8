using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Portunus.Bedrock;

namespace Portunus.Credentials;

/// <summary>What stands in USERHASH instead of a name: SHA-256 over username and realm (RFC 8489 §14.4).</summary>
public static class UserHash
{
    public const int Length = 32;

    /// <summary>False when OpaqueString refuses the name or the realm.</summary>
    public static bool TryCompute(string username, string realm, [NotNullWhen(true)] out Bytes? hash)
    {
        hash = null;
        if (!OpaqueString.TryEnforce(username, out var name) || !OpaqueString.TryEnforce(realm, out var place)) return false;
        hash = Bytes.Copy(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}:{place}")));
        return true;
    }
}
