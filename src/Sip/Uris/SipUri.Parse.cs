using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Portunus.Sip;

public sealed partial class SipUri
{
    public static bool TryParse(string? text, [NotNullWhen(true)] out SipUri? uri)
    {
        uri = null;
        return text is not null && TryParse(Encoding.UTF8.GetBytes(text), out uri);
    }

    /// <summary>Reads a URI that fills the text; false when it is none. A scheme that is not known here is no fault.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out SipUri? uri)
    {
        uri = null;
        var colon = text.IndexOf((byte)':');
        if (colon < 1 || !IsScheme(text[..colon])) return false;
        var scheme = Grammar.Text(text[..colon]).ToLowerInvariant();
        var rest = text[(colon + 1)..];
        var read = scheme switch
        {
            "sip" or "sips" => TryReadSip(scheme, rest, out uri),
            "tel" => TryReadTel(rest, out uri),
            _ => TryReadOpaque(scheme, rest, out uri),
        };
        if (read) uri!._text = Grammar.Text(text);
        return read;
    }

    // SIP-URI = "sip:" [ userinfo ] hostport uri-parameters [ headers ]      RFC 3261 §25.1
    static bool TryReadSip(string scheme, ReadOnlySpan<byte> rest, out SipUri? uri)
    {
        uri = null;
        string? user = null, password = null, headers = null;
        var at = rest.IndexOf((byte)'@');
        if (at >= 0)
        {
            if (!TryReadUserInfo(rest[..at], out user, out password)) return false;
            rest = rest[(at + 1)..];
        }

        var question = rest.IndexOf((byte)'?');
        if (question >= 0)
        {
            if (!UriText.TryCanonical(rest[(question + 1)..], UriText.HeaderChars, out headers)) return false;
            if (headers.Length == 0) return false;
            rest = rest[..question];
        }

        var semicolon = rest.IndexOf((byte)';');
        var hostPort = semicolon < 0 ? rest : rest[..semicolon];
        if (!HostPort.TryParse(hostPort, out var authority)) return false;
        if (!TryReadParameters(semicolon < 0 ? [] : rest[semicolon..], out var parameters)) return false;
        uri = new(scheme) { User = user, Password = password, Authority = authority, Parameters = parameters, Headers = headers };
        return true;
    }

    // userinfo = ( user / telephone-subscriber ) [ ":" password ] "@"
    static bool TryReadUserInfo(ReadOnlySpan<byte> info, out string? user, out string? password)
    {
        user = password = null;
        var colon = info.IndexOf((byte)':');
        var name = colon < 0 ? info : info[..colon];
        if (name.IsEmpty || !UriText.TryCanonical(name, UriText.UserChars, out user)) return false;
        return colon < 0 || UriText.TryCanonical(info[(colon + 1)..], UriText.PasswordChars, out password);
    }

    // uri-parameters = *( ";" pname [ "=" pvalue ] ), no white space, no quotes
    static bool TryReadParameters(ReadOnlySpan<byte> text, out Parameters parameters)
    {
        parameters = Parameters.None;
        if (text.IsEmpty) return true;
        var list = new List<Parameter>();
        while (!text.IsEmpty)
        {
            text = text[1..];
            var end = text.IndexOf((byte)';');
            var one = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[end..];
            var equal = one.IndexOf((byte)'=');
            string? value = null;
            if (!TryPart(equal < 0 ? one : one[..equal], out var name)) return false;
            if (equal >= 0 && !TryPart(one[(equal + 1)..], out value)) return false;
            if (!ParameterScanner.TryAdd(list, new(name, value))) return false;
        }

        parameters = new(list);
        return true;
    }

    // pname, pvalue = 1*paramchar
    static bool TryPart(ReadOnlySpan<byte> text, out string part) =>
        UriText.TryCanonical(text, UriText.ParameterChars, out part) && part.Length > 0;

    // telephone-uri = "tel:" ( "+" *phonedigit DIGIT ... / *phonedigit-hex ... ) *par      RFC 3966 §3
    static bool TryReadTel(ReadOnlySpan<byte> rest, out SipUri? uri)
    {
        uri = null;
        var semicolon = rest.IndexOf((byte)';');
        if (!TryReadParameters(semicolon < 0 ? [] : rest[semicolon..], out var parameters)) return false;
        var number = new StringBuilder();
        foreach (var b in semicolon < 0 ? rest : rest[..semicolon])
        {
            if ("-.()"u8.Contains(b)) continue;
            var global = number.Length > 0 && number[0] == '+';
            var digit = b is >= (byte)'0' and <= (byte)'9' || (b == '+' && number.Length == 0)
                || (!global && (char.IsAsciiHexDigit((char)b) || b is (byte)'*' or (byte)'#'));
            if (!digit) return false;
            number.Append((char)b);
        }

        if (number.Length == 0 || (number.Length == 1 && number[0] == '+')) return false;
        uri = new("tel") { User = number.ToString(), Parameters = parameters };
        return true;
    }

    static bool TryReadOpaque(string scheme, ReadOnlySpan<byte> rest, out SipUri? uri)
    {
        uri = null;
        if (rest.IsEmpty || !UriText.TryCanonical(rest, UriText.OpaqueChars, out _)) return false;
        uri = new(scheme) { Opaque = Grammar.Text(rest) };
        return true;
    }

    // scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
    static bool IsScheme(ReadOnlySpan<byte> text)
    {
        if (!char.IsAsciiLetter((char)text[0])) return false;
        foreach (var b in text)
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'+' or (byte)'-' or (byte)'.')) return false;
        return true;
    }
}
