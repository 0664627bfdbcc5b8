namespace Portunus.Sip;

/// <summary>The keep-alive of connections: a double CRLF asks, a single one answers (RFC 5626 §3.5.1).</summary>
public static class KeepAlive
{
    public static ReadOnlySpan<byte> Ping => "\r\n\r\n"u8;

    public static ReadOnlySpan<byte> Pong => "\r\n"u8;

    public static bool IsPing(ReadOnlySpan<byte> message) => message.SequenceEqual(Ping);
}
