namespace Portunus.Sip;

/// <summary>Walks the values of one header line: the text between commas that stand outside quotes and angle brackets.</summary>
/// <remarks>
/// Each value comes trimmed; empty ones come, too. An unterminated quote or bracket takes the rest as one value.
/// </remarks>
/// <param name="line">An unfolded header value.</param>
public ref struct ValueSplitter(ReadOnlySpan<byte> line)
{
    readonly ReadOnlySpan<byte> _line = line;
    int _next;

    /// <summary>The value that <see cref="MoveNext"/> stopped at.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Where the value after <see cref="Current"/> begins in the line; beyond its end after the last.</summary>
    public readonly int Next => _next;

    public readonly ValueSplitter GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next > _line.Length) return false;
        var end = EndOfValue(_line, _next);
        Current = Grammar.Trim(_line[_next..end]);
        _next = end + 1;
        return true;
    }

    static int EndOfValue(ReadOnlySpan<byte> line, int start)
    {
        for (var i = start; i < line.Length; i++)
        {
            switch (line[i])
            {
                case (byte)',':
                    return i;
                case (byte)'"':
                    var close = Scanner.EndOfQuoted(line, i);
                    if (close < 0) return line.Length;
                    i = close - 1;
                    break;
                case (byte)'<':
                    var bracket = line[i..].IndexOf((byte)'>');
                    if (bracket < 0) return line.Length;
                    i += bracket;
                    break;
            }
        }

        return line.Length;
    }
}
