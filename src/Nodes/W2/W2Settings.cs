namespace Portunus.Nodes.W2;

/// <summary>How W2 is served; immutable.</summary>
public sealed record W2Settings
{
    /// <summary>Where the WebSocket is.</summary>
    public string Path { get; init; } = "/w2";

    /// <summary>
    /// Pages whose scripts may connect, as exact origins: <c>https://localhost:8443</c>. A client that is no browser sends none.
    /// </summary>
    public required IReadOnlySet<string> Origins { get; init; }

    /// <summary>Bytes of one message, over all its fragments: what Kamailio takes, and what our parser does.</summary>
    public int MessageBytes { get; init; } = Sip.SipLimits.MessageBytes;

    /// <summary>How long a message may take from its first fragment to its last.</summary>
    public TimeSpan MessageTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Between our pings: proxies and NATs cut what is silent for 30 to 60 s.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a pong may take before the connection counts as lost.</summary>
    public TimeSpan PongTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Messages that wait for a reader; one more closes the flow. A busy WIC has a handful of transactions.</summary>
    public int QueueMessages { get; init; } = 64;

    /// <summary>Bytes that wait for a reader; at least one message fits, however large.</summary>
    public int QueueBytes { get; init; } = 256 * 1024;

    /// <summary>How long one message may take into the socket before the reader counts as lost.</summary>
    public TimeSpan SendTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a peer may take to agree to a close.</summary>
    public TimeSpan CloseTime { get; init; } = TimeSpan.FromSeconds(2);
}
