using System.Text;

namespace Portunus.Sip;

/// <summary>The first word of credentials and challenges: Digest, Bearer, or another (RFC 7235 §2.1).</summary>
public static class AuthScheme
{
    public const string Digest = "Digest";

    /// <summary>RFC 8898. What follows is a secret: it is not read here.</summary>
    public const string Bearer = "Bearer";

    /// <summary>Whether a value of Authorization, WWW-Authenticate or their like is of that scheme, in any case.</summary>
    public static bool Is(in Header header, string scheme) => Is(header.Value, scheme);

    public static bool Is(ReadOnlySpan<byte> value, string scheme)
    {
        var scanner = new Scanner(value);
        scanner.SkipSpace();
        return scanner.TryToken(out var token) && Ascii.EqualsIgnoreCase(token, scheme)
            && (scanner.AtEnd || Grammar.IsSpace(scanner.Rest[0]));
    }

    /// <summary>Whether the request carries credentials of that scheme under that name.</summary>
    public static bool IsIn(SipMessage message, HeaderName name, string scheme) =>
        message.Headers.Any(h => h.Name == name && Is(h, scheme));

    // digest-cln / digest-response: "Digest" LWS auth-param *( COMMA auth-param )
    internal static bool TryReadDigest(ReadOnlySpan<byte> value, out Parameters parameters) =>
        TryRead(value, Digest, out parameters);

    internal static bool TryRead(ReadOnlySpan<byte> value, string scheme, out Parameters parameters)
    {
        parameters = Parameters.None;
        if (!Is(value, scheme)) return false;
        var scanner = new Scanner(value);
        scanner.SkipSpace();
        scanner.TryToken(out _);
        return ParameterScanner.TryReadList(ref scanner, out parameters);
    }

    internal static string Write(string scheme, Parameters parameters)
    {
        var text = new StringBuilder(scheme).Append(' ');
        parameters.AppendList(text);
        return text.ToString();
    }
}
