namespace Portunus.Sip;

/// <summary>What stands at the start of what a stream brought.</summary>
public enum SipFrameKind
{
    /// <summary>Not whole yet.</summary>
    More,

    /// <summary>A double CRLF, to be answered with a single one (RFC 5626 §3.5.1).</summary>
    Ping,

    /// <summary>A single CRLF: the answer, or a line break before a start line (RFC 3261 §7.5).</summary>
    LineBreak,

    Message,

    /// <summary>Nobody can say where the next message would begin: the connection is of no more use.</summary>
    Broken,
}

/// <summary>
/// Cuts a stream into messages by Content-Length, which every message on a stream has (RFC 3261 §18.3). It looks at nothing
/// else; <see cref="SipMessage.TryParse(ReadOnlySpan{byte}, out SipMessage?, out SipError)"/> reads what it cut.
/// </summary>
/// <param name="Kind">What stands there.</param>
/// <param name="Length">Its bytes; 0 when there is more to come, or never.</param>
public readonly record struct SipFrame(SipFrameKind Kind, int Length)
{
    static readonly SipFrame More = new(SipFrameKind.More, 0);
    static readonly SipFrame Broken = new(SipFrameKind.Broken, 0);

    /// <summary>Looks at what was received and not yet taken.</summary>
    public static SipFrame Read(ReadOnlySpan<byte> received)
    {
        if (received.IsEmpty) return More;
        if (received[0] is (byte)'\r') return ReadBreaks(received);
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0) return received.Length < SipLimits.MessageBytes ? More : Broken;
        if (!TryLength(received[..(end + 2)], out var body)) return Broken;
        var whole = end + 4 + body;
        if (whole > SipLimits.MessageBytes) return Broken;
        return whole <= received.Length ? new(SipFrameKind.Message, (int)whole) : More;
    }

    static SipFrame ReadBreaks(ReadOnlySpan<byte> received)
    {
        if (received.StartsWith(KeepAlive.Ping)) return new(SipFrameKind.Ping, KeepAlive.Ping.Length);
        // A single one may be half a ping; it costs nothing to let it lie until something follows.
        if (KeepAlive.Ping.StartsWith(received)) return More;
        return received.StartsWith(KeepAlive.Pong) ? new(SipFrameKind.LineBreak, KeepAlive.Pong.Length) : Broken;
    }

    /// <summary>Content-Length of a head; false when there is none, it is no number, or two of them differ.</summary>
    static bool TryLength(ReadOnlySpan<byte> head, out long length)
    {
        length = -1;
        while (!head.IsEmpty)
        {
            var line = NextLine(ref head);
            var colon = line.IndexOf((byte)':');
            if (colon < 0 || !IsLength(line[..colon].TrimEnd(" \t"u8))) continue;
            // A fold is white space (RFC 3261 §7.3.1).
            var digits = line[(colon + 1)..].Trim(" \t\r\n"u8);
            if (!Grammar.TryNumber(digits, SipLimits.MessageBytes, out var one) || (length >= 0 && length != one)) return false;
            length = one;
        }

        return length >= 0;
    }

    static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> head)
    {
        var end = 0;
        do
        {
            var next = head[end..].IndexOf("\r\n"u8);
            end = next < 0 ? head.Length : end + next + 2;
        }
        while (end < head.Length && Grammar.IsSpace(head[end]));

        var line = head[..end];
        head = head[end..];
        return line;
    }

    static bool IsLength(ReadOnlySpan<byte> name) =>
        System.Text.Ascii.EqualsIgnoreCase(name, "Content-Length"u8) || name is [(byte)'l' or (byte)'L'];
}
