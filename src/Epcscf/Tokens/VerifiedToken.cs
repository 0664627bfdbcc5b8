using System.Security.Cryptography;
using System.Text;
using Portunus.Bedrock;

namespace Portunus.Epcscf;

/// <summary>An access token that was found good, remembered by its hash so that not each request asks again.</summary>
/// <param name="token">A secret; kept whole only where it is to be looked at again.</param>
/// <param name="claims">What it says.</param>
/// <param name="isRechecked">Whether it is to be looked at again.</param>
sealed class VerifiedToken(string token, TokenClaims claims, bool isRechecked)
{
    readonly byte[] _hash = HashOf(token);

    /// <summary>A secret; null where nobody looks at it again.</summary>
    public string? Token { get; } = isRechecked ? token : null;

    public TokenClaims Claims { get; } = claims;

    public bool Is(string token) => CryptographicOperations.FixedTimeEquals(_hash, HashOf(token));

    /// <summary>How long it counts yet, by the wall clock; not above zero when it is over.</summary>
    public TimeSpan Left(Instant now) => Claims.Left(now);

    public override string ToString() => $"{nameof(VerifiedToken)} {Claims.Id}";

    static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
