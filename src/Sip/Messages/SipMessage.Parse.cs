using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Portunus.Sip;

public sealed partial class SipMessage
{
    /// <summary>
    /// Reads one whole message: a datagram, or the payload of one WebSocket message (RFC 7118 §5). Refuses only what cannot be
    /// held or answered; <see cref="MessageCheck"/> judges the rest.
    /// </summary>
    /// <remarks>The bytes are copied once. Line breaks before the start line are skipped (RFC 3261 §7.5).</remarks>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SipMessage? message, out SipError error)
    {
        message = null;
        if (bytes.Length > SipLimits.MessageBytes)
        {
            error = new(SipFault.TooLarge, SipLimits.MessageBytes);
            return false;
        }

        var start = bytes.IndexOfAnyExcept("\r\n"u8);
        if (start < 0)
        {
            error = new(SipFault.Empty, bytes.Length);
            return false;
        }

        var source = bytes.ToArray();
        var headers = new List<Header>(24);
        var next = start;
        error = TryLine(source, ref next, out var startLine, out var folded);
        if (folded) error = new(SipFault.StartLine, start);
        var ended = false;
        if (error.Fault is SipFault.None) error = ReadHeaders(source, ref next, headers, out ended);
        if (error.Fault is not SipFault.None) return false;
        var flaw = ended ? null : "no empty line after the headers";
        if (TryStartLine(source.AsMemory(startLine), headers, source.AsMemory(next), flaw, out message))
        {
            message.Length = source.Length;
            return true;
        }

        error = new(SipFault.StartLine, start);
        return false;
    }

    static SipError ReadHeaders(byte[] source, ref int next, List<Header> headers, out bool ended)
    {
        ended = false;
        while (next < source.Length)
        {
            var start = next;
            var error = TryLine(source, ref next, out var range, out var folded);
            if (error.Fault is not SipFault.None) return error;
            var line = source.AsSpan(range);
            ended = line.IsEmpty;
            if (ended) return default;
            if (headers.Count == SipLimits.Headers) return new(SipFault.TooManyHeaders, start);
            // HCOLON = *( SP / HTAB ) ":" SWS
            var colon = line.IndexOf((byte)':');
            var name = colon < 0 ? default : line[..colon].TrimEnd(" \t"u8);
            if (!Grammar.IsToken(name)) return new(SipFault.HeaderLine, start);
            headers.Add(new(HeaderName.Of(name), source, start, start + colon + 1, start + line.Length, folded));
        }

        return default;
    }

    /// <summary>One line and the lines folded into it: those that begin with white space (RFC 3261 §7.3.1).</summary>
    static SipError TryLine(byte[] source, ref int next, out Range line, out bool folded)
    {
        var start = next;
        line = default;
        folded = false;
        while (true)
        {
            var rest = source.AsSpan(next);
            var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
            if (end < 0) return new(SipFault.Truncated, source.Length);
            if (rest[end] == '\n' || end + 1 >= rest.Length || rest[end + 1] != '\n')
                return new(end + 1 >= rest.Length ? SipFault.Truncated : SipFault.LoneLineBreak, next + end);
            next += end + 2;
            line = start..(next - 2);
            if (next - start > SipLimits.LineBytes) return new(SipFault.LineTooLong, start);
            if (next - 2 == start || next >= source.Length || !Grammar.IsSpace(source[next])) return default;
            folded = true;
        }
    }

    static bool TryStartLine(
        ReadOnlyMemory<byte> bytes, List<Header> headers, ReadOnlyMemory<byte> rest, string? flaw,
        [NotNullWhen(true)] out SipMessage? message)
    {
        message = null;
        var line = bytes.Span;
        var (body, surplus) = Fit(headers, rest);
        var space = line.IndexOf((byte)' ');
        if (space < 1) return false;

        // Status-Line = SIP-Version SP Status-Code SP Reason-Phrase
        if (IsVersion(line[..space]))
        {
            var code = line[(space + 1)..];
            if (code.Length < 3 || !Grammar.TryNumber(code[..3], 699, out var status) || status < 100) return false;
            if (code.Length > 3 && code[3] != ' ') return false;
            message = new(headers)
            {
                _startLine = bytes,
                Status = (int)status,
                Reason = code.Length > 4 ? Grammar.Text(code[4..]) : "",
                Version = VersionText(line[..space]),
                Body = body,
                Surplus = surplus,
                Flaw = flaw,
            };
            return true;
        }

        // Request-Line = Method SP Request-URI SP SIP-Version
        var trimmed = Grammar.Trim(line);
        var last = trimmed.LastIndexOf((byte)' ');
        if (!Grammar.IsToken(line[..space]) || last <= space || !IsVersion(trimmed[(last + 1)..])) return false;
        var target = trimmed[(space + 1)..last];
        SipUri.TryParse(target, out var uri);
        message = new(headers)
        {
            _startLine = bytes,
            _method = SipMethod.Of(line[..space]),
            _uri = uri,
            _uriText = Grammar.Text(target),
            Version = VersionText(trimmed[(last + 1)..]),
            Flaw = trimmed.Length == line.Length ? flaw : "space at the end of the request line",
            Body = body,
            Surplus = surplus,
        };
        return true;
    }

    /// <summary>
    /// The body by Content-Length; without one, or with one that is no number, to the end (RFC 7118 §5, RFC 3261 §18.3).
    /// </summary>
    static (ReadOnlyMemory<byte> Body, int Surplus) Fit(List<Header> headers, ReadOnlyMemory<byte> rest)
    {
        foreach (var header in headers)
        {
            if (header.Name != HeaderName.ContentLength) continue;
            if (!Grammar.TryNumber(header.Value, int.MaxValue, out var length)) break;
            var surplus = (int)(rest.Length - (long)length);
            return (surplus > 0 ? rest[..(int)length] : rest, surplus);
        }

        return (rest, 0);
    }

    // SIP-Version = "SIP" "/" 1*DIGIT "." 1*DIGIT, the letters in any case (§7.1)
    static bool IsVersion(ReadOnlySpan<byte> text)
    {
        if (text.Length < 7 || !Ascii.EqualsIgnoreCase(text[..4], "SIP/")) return false;
        var dot = text[4..].IndexOf((byte)'.') + 4;
        return dot > 4 && dot < text.Length - 1
            && !text[4..dot].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && !text[(dot + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    static string VersionText(ReadOnlySpan<byte> text) =>
        Ascii.EqualsIgnoreCase(text, "SIP/2.0") ? "SIP/2.0" : Grammar.Text(text).ToUpperInvariant();
}
