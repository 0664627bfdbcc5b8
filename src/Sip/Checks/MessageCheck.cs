namespace Portunus.Sip;

/// <summary>
/// Judges messages that could be read, apart from reading them: which status a request is owed, and which responses are
/// dropped (RFC 3261 §8.2, §16.3, §18.3). What an element of RFC 3261 may overlook, it overlooks.
/// </summary>
public sealed partial class MessageCheck
{
    /// <summary>A proxy judges hops and Proxy-Require, a user agent Require (§16.3, §8.2.2.3).</summary>
    public required bool IsProxy { get; init; }

    /// <summary>The option tags that may be required of this element.</summary>
    public IReadOnlyCollection<string> Extensions { get; init; } = [];

    /// <summary>Schemes of a Request-URI that this element can route; <c>urn</c> for <c>urn:service:sos</c> (RFC 5031).</summary>
    public IReadOnlyCollection<string> Schemes { get; init; } = ["sip", "sips", "tel", "urn"];

    /// <summary>Bytes above which a request is answered 513.</summary>
    public int MaxBytes { get; init; } = SipLimits.MessageBytes;

    /// <summary>
    /// True over UDP, where bytes after the body are ignored (§18.3); false where a frame is one message (RFC 7118 §5), and
    /// what is left over might be meant as another.
    /// </summary>
    public bool IsDatagram { get; init; }

    /// <summary>What is wrong with what all messages have; null when nothing is.</summary>
    string? WrongWithAny(SipMessage message)
    {
        if (!message.TryReadAll<Via>(HeaderName.Via, Via.TryParse, out var vias)) return "Via malformed";
        if (vias.Count == 0) return "Via missing";
        if (WrongWithOne(message, HeaderName.From) is { } from) return from;
        if (WrongWithOne(message, HeaderName.To) is { } to) return to;
        if (WrongWithOne(message, HeaderName.CallId) is { } callId) return callId;
        if (WrongWithOne(message, HeaderName.CSeq) is { } cseq) return cseq;
        return message switch
        {
            { From: null } => "From malformed",
            { To: null } => "To malformed",
            { CSeq: null } => "CSeq malformed or above 2^31-1",
            _ when !Grammar.IsCallId(message.Headers.First(h => h.Name == HeaderName.CallId).Value) => "Call-ID malformed",
            _ => WrongWithLength(message),
        };
    }

    static string? WrongWithOne(SipMessage message, HeaderName name) => message.Count(name) switch
    {
        0 => $"{name} missing",
        1 => null,
        _ => $"{name} more than once",
    };

    string? WrongWithLength(SipMessage message) => message.Count(HeaderName.ContentLength) switch
    {
        0 => null,
        > 1 => "Content-Length more than once",
        _ when message.Number(HeaderName.ContentLength) is null => "Content-Length malformed",
        _ when message.Surplus < 0 => "body shorter than Content-Length",
        _ when message.Surplus > 0 && !IsDatagram => "body longer than Content-Length",
        _ => null,
    };
}
