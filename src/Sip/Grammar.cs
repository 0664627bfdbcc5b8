using System.Buffers;
using System.Text;

namespace Portunus.Sip;

/// <summary>The character classes of RFC 3261 §25.1.</summary>
static class Grammar
{
    /// <summary>token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~").</summary>
    public static readonly SearchValues<byte> TokenChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~"u8);

    /// <summary>
    /// What an unquoted parameter value may hold: token and host by the grammar, and the rest of what is seen unquoted in
    /// the wild (base64, URIs). Never a separator of the level above.
    /// </summary>
    public static readonly SearchValues<byte> ValueChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~[]:/=@?&$#^|{}()"u8);

    /// <summary>word = token and ()&lt;&gt;:\"/[]?{}; a Call-ID is a word, or two around an @.</summary>
    public static readonly SearchValues<byte> WordChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~()<>:\\\"/[]?{}"u8);

    /// <summary>An addr-spec outside of angle brackets: no comma, semicolon or question mark (§20).</summary>
    public static readonly SearchValues<byte> BareUriChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()&=+$/%:@[]#"u8);

    /// <summary>Hostname and IPv4address; an IPv6reference stands in brackets and is read apart.</summary>
    public static readonly SearchValues<byte> HostChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."u8);

    /// <summary>The end of a line, alone or not: inside a value another element could see a header behind it.</summary>
    public static readonly SearchValues<char> Breaks = SearchValues.Create("\r\n");

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenChars);

    public static bool IsToken(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (c > 127 || !TokenChars.Contains((byte)c)) return false;
        return !text.IsEmpty;
    }

    /// <summary>callid = word [ "@" word ].</summary>
    public static bool IsCallId(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf((byte)'@');
        return at < 0 ? IsWord(text) : IsWord(text[..at]) && IsWord(text[(at + 1)..]);
    }

    public static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t';

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    public static string Text(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? "" : Encoding.UTF8.GetString(bytes);

    /// <summary>A number of digits only; false when empty, above <paramref name="max"/>, or followed by anything.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, uint max, out uint value)
    {
        ulong number = 0;
        value = 0;
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9') return false;
            number = (number * 10) + (uint)(b - '0');
            if (number > max) return false;
        }

        value = (uint)number;
        return !text.IsEmpty;
    }

    static bool IsWord(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(WordChars);
}
