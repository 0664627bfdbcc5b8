using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Portunus.Nodes.Enrol;

/// <summary>
/// What an operator hands to who sets up a node: its name, the certificate by which the authority's listener is known, and a
/// secret that is good once. Written <c>NAME/FINGERPRINT/SECRET</c>.
/// </summary>
/// <param name="Name">The dNSName that the node's certificate will have.</param>
/// <param name="Fingerprint">SHA-256 of the listener's certificate: nobody is trusted because he was there first.</param>
/// <param name="Secret">128 random bits.</param>
public sealed record EnrolmentCode(string Name, string Fingerprint, string Secret)
{
    const int FingerprintBytes = 32, SecretBytes = 16;

    public static EnrolmentCode Draw(string name, string fingerprint) =>
        new(name, fingerprint, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));

    public static bool TryParse(string text, [NotNullWhen(true)] out EnrolmentCode? code)
    {
        code = text.Split('/') is [var name, var fingerprint, var secret] && IsName(name)
            && Base64Url.IsValid(fingerprint, out var length) && length == FingerprintBytes
            && Base64Url.IsValid(secret, out length) && length == SecretBytes
            ? new(name, fingerprint, secret)
            : null;
        return code is not null;
    }

    /// <summary>A dNSName without a wildcard, in small letters.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= 127 && Uri.CheckHostName(text) == UriHostNameType.Dns && !text.EndsWith('.')
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-');

    public static string FingerprintOf(ReadOnlySpan<byte> certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate));

    /// <summary>What is kept of a secret. It has 128 random bits, so a slow hash would add nothing.</summary>
    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>As it is handed over, and that is the only place where the secret may stand.</summary>
    public string Text => $"{Name}/{Fingerprint}/{Secret}";

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"code for {Name}";
}
