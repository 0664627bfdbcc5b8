using System.Globalization;

namespace Portunus.Sip;

public sealed partial class SipMessage
{
    /// <summary>The start value of Max-Forwards (RFC 3261 §8.1.1.6).</summary>
    public const int InitialMaxForwards = 70;

    /// <summary>A request with nothing but its start line, Max-Forwards and an empty body.</summary>
    public static SipMessage Request(string method, SipUri uri)
    {
        var message = new SipMessage([]) { _method = method, _uri = uri, _uriText = uri.ToString() };
        message.Add(HeaderName.MaxForwards, InitialMaxForwards.ToString(CultureInfo.InvariantCulture));
        message.SetContentLength();
        return message;
    }

    /// <summary>A request with the headers that every request has (§8.1.1), but for Via, which its transaction brings.</summary>
    public static SipMessage Request(string method, SipUri uri, NameAddress from, NameAddress to, string callId, uint cseq)
    {
        var message = Request(method, uri);
        message.Add(HeaderName.From, from);
        message.Add(HeaderName.To, to);
        message.Add(HeaderName.CallId, callId);
        message.Add(HeaderName.CSeq, new CSeq(cseq, method));
        return message;
    }

    /// <summary>
    /// A response with what §8.2.6.2 copies from its request, byte for byte: Via in order, From, To, Call-ID, CSeq, and
    /// Timestamp into a 100.
    /// </summary>
    /// <param name="request">What is answered.</param>
    /// <param name="status">100 to 699.</param>
    /// <param name="reason">Null for the RFC's phrase.</param>
    /// <param name="toTag">Goes into a To that has no tag, but not into that of a 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">No status has that number.</exception>
    public static SipMessage Response(SipMessage request, int status, string? reason = null, string? toTag = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        var message = new SipMessage([]) { Status = status, Reason = reason ?? SipStatus.Reason(status) };
        message.CopyFrom(request, HeaderName.Via);
        message.CopyFrom(request, HeaderName.From);
        message.CopyFrom(request, HeaderName.To);
        message.CopyFrom(request, HeaderName.CallId);
        message.CopyFrom(request, HeaderName.CSeq);
        if (status == 100) message.CopyFrom(request, HeaderName.Timestamp);
        else if (toTag is not null && message.To is { Tag: null } to) message.Set(HeaderName.To, to.With("tag", toTag));
        message.SetContentLength();
        return message;
    }

    /// <summary>The CANCEL of a request that was sent (§9.1): its URI, top Via, From, To, Call-ID, number and Route.</summary>
    public static SipMessage Cancel(SipMessage request) => Sibling(request, SipMethod.Cancel, request);

    /// <summary>
    /// The ACK of a response above 299 to an INVITE, within its transaction (§17.1.1.3): the To is the response's.
    /// </summary>
    internal static SipMessage Ack(SipMessage invite, SipMessage response) => Sibling(invite, SipMethod.Ack, response);

    static SipMessage Sibling(SipMessage request, string method, SipMessage toFrom)
    {
        var message = new SipMessage([]) { _method = method, _uri = request._uri, _uriText = request._uriText };
        if (request.TopVia is { } via) message.Add(HeaderName.Via, via);
        message.Add(HeaderName.MaxForwards, InitialMaxForwards.ToString(CultureInfo.InvariantCulture));
        message.CopyFrom(request, HeaderName.From);
        message.CopyFrom(toFrom, HeaderName.To);
        message.CopyFrom(request, HeaderName.CallId);
        message.Add(HeaderName.CSeq, new CSeq(request.CSeq?.Number ?? 0, method));
        message.CopyFrom(request, HeaderName.Route);
        message.SetContentLength();
        return message;
    }
}
