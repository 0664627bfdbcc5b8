namespace Portunus.Sip;

/// <summary>Why bytes are not a SIP message that could be held, or even answered.</summary>
public enum SipFault
{
    None,

    /// <summary>Nothing but line breaks: a keep-alive (RFC 5626 §3.5.1), not a message.</summary>
    Empty,

    /// <summary>More than <see cref="SipLimits.MessageBytes"/>.</summary>
    TooLarge,

    /// <summary>A header or start line above <see cref="SipLimits.LineBytes"/>.</summary>
    LineTooLong,

    /// <summary>More than <see cref="SipLimits.Headers"/>.</summary>
    TooManyHeaders,

    /// <summary>The first line is neither a request line nor a status line.</summary>
    StartLine,

    /// <summary>A header line has no colon, or its name is no token.</summary>
    HeaderLine,

    /// <summary>A CR or LF stands alone: another element might see a header there that we do not.</summary>
    LoneLineBreak,

    /// <summary>The last line has no end.</summary>
    Truncated,
}
