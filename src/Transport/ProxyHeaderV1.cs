using System.Text;
using Portunus.Bedrock;

namespace Portunus.Transport;

/// <summary>A line of text (§2.1): <c>PROXY TCP4 192.0.2.1 198.51.100.7 50000 3478</c> and CRLF, at most 107 bytes.</summary>
static class ProxyHeaderV1
{
    const int MostLength = 107;

    static ReadOnlySpan<byte> Start => "PROXY "u8;

    public static ProxyReading Read(ReadOnlySpan<byte> bytes, out TransportAddress client, out TransportAddress server, out int length)
    {
        (client, server, length) = (default, default, 0);
        var common = Math.Min(bytes.Length, Start.Length);
        if (!bytes[..common].SequenceEqual(Start[..common])) return ProxyReading.Malformed;
        var end = bytes[..Math.Min(bytes.Length, MostLength)].IndexOf("\r\n"u8);
        if (end < 0) return bytes.Length < MostLength ? ProxyReading.Incomplete : ProxyReading.Malformed;
        if (end < Start.Length) return ProxyReading.Malformed;

        length = end + 2;
        var line = bytes[Start.Length..end];
        var kind = TakeWord(ref line);
        // After UNKNOWN anything may stand, and is ignored.
        if (kind.SequenceEqual("UNKNOWN"u8)) return ProxyReading.Balancer;
        var isIPv6 = kind.SequenceEqual("TCP6"u8);
        if (!isIPv6 && !kind.SequenceEqual("TCP4"u8)) return ProxyReading.Malformed;
        var from = TakeWord(ref line);
        var to = TakeWord(ref line);
        var fromPort = TakeWord(ref line);
        return TryRead(isIPv6, from, fromPort, out client) && TryRead(isIPv6, to, line, out server)
            ? ProxyReading.Client
            : ProxyReading.Malformed;
    }

    /// <summary>What stands before the next space; both are taken away.</summary>
    static ReadOnlySpan<byte> TakeWord(ref ReadOnlySpan<byte> line)
    {
        var at = line.IndexOf((byte)' ');
        var word = at < 0 ? line : line[..at];
        line = at < 0 ? default : line[(at + 1)..];
        return word;
    }

    static bool TryRead(bool isIPv6, ReadOnlySpan<byte> address, ReadOnlySpan<byte> port, out TransportAddress result)
    {
        result = default;
        // A zone means something on the balancer's machine only. A port has no sign and no space.
        if (address.IsEmpty || address.Contains((byte)'%')) return false;
        if (port.IsEmpty || port.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;
        // As in a URI, of which Bedrock has the strict reader.
        Span<char> text = stackalloc char[MostLength];
        var at = 0;
        if (isIPv6) text[at++] = '[';
        at += Encoding.Latin1.GetChars(address, text[at..]);
        if (isIPv6) text[at++] = ']';
        text[at++] = ':';
        at += Encoding.Latin1.GetChars(port, text[at..]);
        return TransportAddress.TryParse(text[..at], out result);
    }
}
