using System.Buffers.Text;
using System.Text;
using Portunus.Bedrock;

namespace Portunus.Credentials;

/// <summary>
/// The long-term key between an authorization server and a TURN server (RFC 7635 §4.1: AS-RS), under which access tokens are
/// sealed. Immutable; its bytes are never shown.
/// </summary>
public sealed class TokenKey
{
    /// <summary>Bytes of a kid: it goes into USERNAME; coturn's bound, far below RFC 8489's 508.</summary>
    public const int MostKid = 128;

    /// <param name="kid">1 to 128 bytes of UTF-8: the name of the key, no user's.</param>
    /// <param name="algorithm">Of the seal.</param>
    /// <param name="key">As long as the algorithm wants, or longer: then its first bytes count.</param>
    /// <exception cref="ArgumentException">Too short a key, or a kid that no USERNAME can be.</exception>
    public TokenKey(string kid, TokenAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        if (Encoding.UTF8.GetByteCount(kid) is 0 or > MostKid)
            throw new ArgumentException($"A kid has 1 to {MostKid} bytes.", nameof(kid));
        if (key.Length < algorithm.KeyLength())
            throw new ArgumentException($"A key of {algorithm.Name()} has {algorithm.KeyLength()} bytes.", nameof(key));
        (Kid, Algorithm) = (kid, algorithm);
        Value = Bytes.Copy(key[..algorithm.KeyLength()]);
        WasCut = key.Length > algorithm.KeyLength();
    }

    public string Kid { get; }

    public TokenAlgorithm Algorithm { get; }

    /// <summary>More bytes were given than count: worth a warning, since coturn cuts in silence.</summary>
    public bool WasCut { get; }

    /// <summary>A secret of 16 or 32 bytes; whoever has it can make tokens. For the node that hands keys out and for sealing.</summary>
    public Bytes Value { get; }

    /// <summary>Reads <c>kid:alg:base64</c>, split at its last two colons.</summary>
    /// <exception cref="FormatException">Another form; the message says what to write instead and shows nothing of the key.</exception>
    public static TokenKey Parse(string text)
    {
        var second = text.LastIndexOf(':');
        var first = second > 0 ? text.LastIndexOf(':', second - 1) : -1;
        if (first <= 0) throw new FormatException("A token key is written kid:alg:base64, like turn-1:A256GCM:BASE64.");
        if (!TokenAlgorithmExtensions.TryParse(text[(first + 1)..second], out var algorithm))
            throw new FormatException("The algorithm of a token key is A256GCM or A128GCM; write kid:A256GCM:BASE64.");
        if (!Base64.IsValid(text.AsSpan(second + 1), out var length) || length < algorithm.KeyLength())
            throw new FormatException(
                $"The key after the last colon must be base64 of at least {algorithm.KeyLength()} bytes for {algorithm.Name()}.");
        if (Encoding.UTF8.GetByteCount(text[..first]) > MostKid)
            throw new FormatException($"The kid before the first colon has at most {MostKid} bytes.");
        return new(text[..first], algorithm, Convert.FromBase64String(text[(second + 1)..]));
    }

    public override string ToString() => $"{nameof(TokenKey)} {Kid} ({Algorithm.Name()})";
}
