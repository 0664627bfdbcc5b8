using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Portunus.Wic;

/// <summary>
/// A domain name in a message of the DNS (RFC 1035 §3.1, §4.1.4), and as text: in lower case, what is no printable ASCII as
/// <c>\DDD</c>, and a dot within a label as <c>\.</c> (§5.1). DNS-SD has names such as <c>the\032relay._turn._udp.local</c>.
/// </summary>
static class DnsName
{
    const int MostBytes = 255;

    const int MostLabelBytes = 63;

    // The two high bits of a length: the rest of the name stands elsewhere.
    const byte Elsewhere = 0xC0;

    /// <summary>Reads a name; <paramref name="at"/> is then behind it. False for what is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int at, out string name)
    {
        var text = new StringBuilder();
        name = "";
        // Where a name goes on is always before where it stood: so it ends.
        var (from, before, length, end) = (at, at, 0, -1);
        while (true)
        {
            if (from >= message.Length) return false;
            var size = message[from];
            if ((size & Elsewhere) == Elsewhere)
            {
                if (from + 2 > message.Length) return false;
                if (end < 0) end = from + 2;
                from = BinaryPrimitives.ReadUInt16BigEndian(message[from..]) & 0x3FFF;
                if (from >= before) return false;
                before = from;
                continue;
            }

            length += size + 1;
            if (size > MostLabelBytes || length > MostBytes || from + 1 + size > message.Length) return false;
            if (size == 0) break;
            if (text.Length > 0) text.Append('.');
            Append(text, message.Slice(from + 1, size));
            from += size + 1;
        }

        at = end < 0 ? from + 1 : end;
        name = text.ToString();
        return true;
    }

    /// <summary>Adds a name to a message. False for a text that is none.</summary>
    public static bool TryWrite(List<byte> message, string name)
    {
        var (begin, label) = (message.Count, message.Count);
        message.Add(0);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '.')
            {
                if (!TryEnd(message, label)) return false;
                label = message.Count;
                message.Add(0);
                continue;
            }

            if (!TryReadByte(name, ref i, out var value)) return false;
            message.Add(value);
        }

        if (!TryEnd(message, label)) return false;
        message.Add(0);
        return message.Count - begin <= MostBytes;
    }

    static bool TryEnd(List<byte> message, int label)
    {
        var size = message.Count - label - 1;
        if (size is 0 or > MostLabelBytes) return false;
        message[label] = (byte)size;
        return true;
    }

    static bool TryReadByte(string name, ref int i, out byte value)
    {
        value = (byte)name[i];
        if (name[i] != '\\') return char.IsAscii(name[i]);
        if (++i == name.Length) return false;
        value = (byte)name[i];
        if (!char.IsAsciiDigit(name[i])) return char.IsAscii(name[i]);
        if (i + 3 > name.Length) return false;
        if (!byte.TryParse(name.AsSpan(i, 3), NumberStyles.None, CultureInfo.InvariantCulture, out value)) return false;
        i += 2;
        return true;
    }

    static void Append(StringBuilder text, ReadOnlySpan<byte> label)
    {
        foreach (var value in label)
            if (value is (byte)'.' or (byte)'\\') text.Append('\\').Append((char)value);
            else if (value is > 0x20 and < 0x7F) text.Append(char.ToLowerInvariant((char)value));
            else text.Append('\\').Append(value.ToString("D3", CultureInfo.InvariantCulture));
    }
}
