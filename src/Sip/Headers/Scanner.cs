using System.Text;

namespace Portunus.Sip;

/// <summary>
/// Reads the value of a header from left to right: tokens, quoted strings, separators, with white space around them as
/// RFC 3261 §25.1 lets it stand. Every header of this room, and our own, is read by it.
/// </summary>
/// <remarks>Never throws on what it reads; a try that fails leaves the position where it was.</remarks>
/// <param name="text">An unfolded value, UTF-8.</param>
public ref struct Scanner(ReadOnlySpan<byte> text)
{
    readonly ReadOnlySpan<byte> _text = text;

    /// <summary>In bytes from the start of the value.</summary>
    public int Position { get; private set; }

    public readonly bool AtEnd => Position >= _text.Length;

    public readonly ReadOnlySpan<byte> Rest => _text[Position..];

    public void SkipSpace()
    {
        while (Position < _text.Length && Grammar.IsSpace(_text[Position])) Position++;
    }

    public readonly bool Sees(byte b) => Position < _text.Length && _text[Position] == b;

    /// <summary>Takes exactly this byte, no white space around it.</summary>
    public bool TryTake(byte b)
    {
        if (!Sees(b)) return false;
        Position++;
        return true;
    }

    /// <summary>Takes a separator and the white space on both sides: SLASH, EQUAL, SEMI, COMMA.</summary>
    public bool TrySeparator(byte b)
    {
        var before = Position;
        SkipSpace();
        if (!TryTake(b))
        {
            Position = before;
            return false;
        }

        SkipSpace();
        return true;
    }

    public bool TryToken(out ReadOnlySpan<byte> token) => TryRun(Grammar.TokenChars, out token);

    /// <summary>Takes all bytes up to one outside of <paramref name="chars"/>; at least one.</summary>
    public bool TryRun(System.Buffers.SearchValues<byte> chars, out ReadOnlySpan<byte> run)
    {
        var rest = Rest;
        var end = rest.IndexOfAnyExcept(chars);
        run = end < 0 ? rest : rest[..end];
        Position += run.Length;
        return !run.IsEmpty;
    }

    /// <summary>Takes all up to <paramref name="end"/>, and that; false when there is none.</summary>
    public bool TryUpTo(byte end, out ReadOnlySpan<byte> content)
    {
        var at = Rest.IndexOf(end);
        content = at < 0 ? default : Rest[..at];
        if (at < 0) return false;
        Position += at + 1;
        return true;
    }

    /// <summary>Takes a quoted-string; <paramref name="content"/> is between the quotes, still escaped.</summary>
    public bool TryQuoted(out ReadOnlySpan<byte> content)
    {
        content = default;
        if (!Sees((byte)'"')) return false;
        var end = EndOfQuoted(_text, Position);
        if (end < 0) return false;
        content = _text[(Position + 1)..(end - 1)];
        Position = end;
        return true;
    }

    /// <summary>The content of a quoted-string without its backslashes.</summary>
    public static string Unescape(ReadOnlySpan<byte> content)
    {
        if (content.IndexOf((byte)'\\') < 0) return Grammar.Text(content);
        var plain = new byte[content.Length];
        var length = 0;
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] == '\\' && i + 1 < content.Length) i++;
            plain[length++] = content[i];
        }

        return Encoding.UTF8.GetString(plain, 0, length);
    }

    /// <summary>Writes <paramref name="value"/> as a quoted-string.</summary>
    public static void AppendQuoted(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            // qdtext has neither of the two nor controls; quoted-pair has (RFC 3261 §25.1).
            if (c is '"' or '\\' or (< ' ' and not '\t') or '\x7f') text.Append('\\');
            text.Append(c);
        }

        text.Append('"');
    }

    /// <summary>The offset after the closing quote of what opens at <paramref name="open"/>; -1 when it never closes.</summary>
    internal static int EndOfQuoted(ReadOnlySpan<byte> text, int open)
    {
        for (var i = open + 1; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') return i + 1;
        }

        return -1;
    }
}
