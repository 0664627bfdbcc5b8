namespace Portunus.Sip;

/// <summary>How large a message may be before it is refused: every bound that keeps a stranger's bytes cheap.</summary>
public static class SipLimits
{
    /// <summary>Bytes of one message: what fits a UDP datagram, and what Kamailio takes in one WebSocket frame.</summary>
    public const int MessageBytes = 65_535;

    /// <summary>
    /// Bytes of one header with its folds, or of the start line: room for a bearer token, as HTTP servers give it.
    /// </summary>
    public const int LineBytes = 8_192;

    /// <summary>Headers of one message: a call through a dozen proxies has fewer than 80.</summary>
    public const int Headers = 256;

    /// <summary>
    /// Parameters of one value: the richest Contact of an IMS client has some 20. Comparing two URIs takes the product of theirs.
    /// </summary>
    public const int Parameters = 64;
}
