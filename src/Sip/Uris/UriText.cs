using System.Buffers;
using System.Text;

namespace Portunus.Sip;

/// <summary>Characters and escapes of SIP URIs (RFC 3261 §19.1.2, §25.1).</summary>
static class UriText
{
    const string Unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()";

    static readonly SearchValues<byte> UnreservedChars = CharsOf(Unreserved);

    public static readonly SearchValues<byte> UserChars = CharsOf(Unreserved + "&=+$,;?/%");

    public static readonly SearchValues<byte> PasswordChars = CharsOf(Unreserved + "&=+$,%");

    public static readonly SearchValues<byte> ParameterChars = CharsOf(Unreserved + "[]/:&+$%");

    public static readonly SearchValues<byte> HeaderChars = CharsOf(Unreserved + "[]/?:+$%&=");

    /// <summary>What an absolute URI of another scheme may hold: uric of RFC 2396.</summary>
    public static readonly SearchValues<byte> OpaqueChars = CharsOf(Unreserved + ";/?:@&=+$,%[]#");

    /// <summary>
    /// Reads text of <paramref name="allowed"/> characters into its one canonical form: an escape of an unreserved character
    /// becomes the character, any other escape stays, in capitals (RFC 3261 §19.1.4: only those are equivalent).
    /// </summary>
    public static bool TryCanonical(ReadOnlySpan<byte> text, SearchValues<byte> allowed, out string canonical)
    {
        canonical = "";
        if (text.ContainsAnyExcept(allowed)) return false;
        if (text.IndexOf((byte)'%') < 0)
        {
            canonical = Grammar.Text(text);
            return true;
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                result.Append((char)text[i]);
                continue;
            }

            if (i + 2 >= text.Length || !IsHex(text[i + 1]) || !IsHex(text[i + 2])) return false;
            var value = (byte)((Nibble(text[i + 1]) << 4) | Nibble(text[i + 2]));
            if (UnreservedChars.Contains(value)) result.Append((char)value);
            else result.Append('%').Append(value.ToString("X2"));
            i += 2;
        }

        canonical = result.ToString();
        return true;
    }

    /// <summary>Escapes all of <paramref name="text"/> that may not stand in <paramref name="allowed"/>, and every %.</summary>
    public static string Escape(string text, SearchValues<byte> allowed)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (!bytes.AsSpan().ContainsAnyExcept(allowed) && !text.Contains('%')) return text;
        var result = new StringBuilder(bytes.Length + 16);
        foreach (var b in bytes)
        {
            if (b != '%' && allowed.Contains(b)) result.Append((char)b);
            else result.Append('%').Append(b.ToString("X2"));
        }

        return result.ToString();
    }

    static SearchValues<byte> CharsOf(string characters) => SearchValues.Create(Encoding.ASCII.GetBytes(characters));

    static bool IsHex(byte b) => char.IsAsciiHexDigit((char)b);

    static int Nibble(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
