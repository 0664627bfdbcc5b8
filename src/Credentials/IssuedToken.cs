using System.Text;
using Portunus.Bedrock;

namespace Portunus.Credentials;

/// <summary>An access token as a client holds it (RFC 7635 §4): the sealed token, which it cannot read, and the key that it
/// proves.</summary>
/// <param name="Kid">Goes into USERNAME.</param>
/// <param name="MacKey">A secret of 20 or 32 bytes.</param>
/// <param name="AccessToken">Goes into ACCESS-TOKEN as it is.</param>
/// <param name="ServerName">The TURN server that can open it.</param>
/// <param name="Lifetime">Seconds from its date.</param>
public sealed record IssuedToken(string Kid, Bytes MacKey, Bytes AccessToken, string ServerName, uint Lifetime)
{
    /// <summary>Bytes of a sealed token beyond which no client sends it: what other servers take, and far more than ours
    /// makes.</summary>
    public const int MostSealed = 1024;

    /// <summary>Whether a client can use it at all; what comes over a network may say anything.</summary>
    public bool IsWellFormed =>
        MacKey.Length is 20 or 32 && AccessToken.Length is > 0 and <= MostSealed
        && Encoding.UTF8.GetByteCount(Kid) is > 0 and <= TokenKey.MostKid;

    /// <summary>For which integrity the key is, as the <c>alg</c> of RFC 7635's token response.</summary>
    public string Algorithm => MacKey.Length == 20 ? "HMAC-SHA-1" : "HMAC-SHA-256";

    /// <summary>Without the key and the token.</summary>
    public override string ToString() => $"{nameof(IssuedToken)} {Kid} for {ServerName}";
}
