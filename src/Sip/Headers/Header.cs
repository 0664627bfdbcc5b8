using System.Buffers;
using System.Text;

namespace Portunus.Sip;

/// <summary>One header as it stands in a message: its name, and the bytes of its line with their folds and odd spacing.</summary>
public readonly struct Header
{
    readonly byte[] _source;
    readonly int _start;
    readonly int _value;
    readonly int _end;
    readonly bool _folded;

    /// <param name="name">What the bytes before the colon mean.</param>
    /// <param name="source">The bytes of a message, or of this line alone.</param>
    /// <param name="start">Of the name.</param>
    /// <param name="value">After the colon.</param>
    /// <param name="end">Before the CRLF.</param>
    /// <param name="folded">Whether a CRLF stands inside (§7.3.1).</param>
    internal Header(HeaderName name, byte[] source, int start, int value, int end, bool folded)
    {
        Name = name;
        (_source, _start, _value, _end, _folded) = (source, start, value, end, folded);
    }

    public HeaderName Name { get; }

    /// <summary>The line without its CRLF, as it was received or will be written.</summary>
    public ReadOnlySpan<byte> Line => _source.AsSpan(_start, _end - _start);

    /// <summary>What follows the colon, trimmed, each fold one space (§7.3.1).</summary>
    public ReadOnlySpan<byte> Value => _folded ? Unfold() : Grammar.Trim(_source.AsSpan(_value, _end - _value));

    /// <summary>The value as UTF-8 text; bytes that are not UTF-8 become U+FFFD.</summary>
    public string Text => Grammar.Text(Value);

    /// <summary>The values of this line; one where a comma is no separator (<see cref="HeaderName.IsSingle"/>).</summary>
    public ValueSplitter Values => new(Value);

    /// <summary>A header made here.</summary>
    /// <exception cref="ArgumentException">The value holds CR or LF: it would become another header.</exception>
    internal static Header Of(HeaderName name, string value)
    {
        if (value.AsSpan().ContainsAny(Grammar.Breaks))
            throw new ArgumentException($"A line break inside {name}.", nameof(value));
        var line = Encoding.UTF8.GetBytes($"{name.Text}: {value}");
        return new(name, line, 0, name.Text.Length + 1, line.Length, folded: false);
    }

    internal void WriteTo(IBufferWriter<byte> writer)
    {
        writer.Write(Line);
        writer.Write("\r\n"u8);
    }

    byte[] Unfold()
    {
        var folded = Grammar.Trim(_source.AsSpan(_value, _end - _value));
        var plain = new byte[folded.Length];
        var length = 0;
        for (var i = 0; i < folded.Length; i++)
        {
            if (folded[i] is not ((byte)'\r' or (byte)'\n'))
            {
                plain[length++] = folded[i];
                continue;
            }

            // CRLF and all white space around it is one SP.
            while (length > 0 && Grammar.IsSpace(plain[length - 1])) length--;
            while (i + 1 < folded.Length && (Grammar.IsSpace(folded[i + 1]) || folded[i + 1] is (byte)'\r' or (byte)'\n')) i++;
            plain[length++] = (byte)' ';
        }

        return Grammar.Trim(plain.AsSpan(0, length)).ToArray();
    }
}
