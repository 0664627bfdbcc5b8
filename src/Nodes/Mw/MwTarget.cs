using System.Globalization;
using System.Net;
using Portunus.Sip;

namespace Portunus.Nodes.Mw;

/// <summary>Where a message goes, before names are looked up.</summary>
/// <param name="Host">An address, or a name.</param>
/// <param name="Port">Of the other side's listener.</param>
/// <param name="IsStream">TCP, or UDP.</param>
/// <param name="Reply">Of a response over TCP: the other end of the connection that its request came on.</param>
readonly record struct MwTarget(string Host, int Port, bool IsStream, int? Reply = null)
{
    const int SipPort = 5060;

    /// <summary>Null when the message names nobody who could be sent to.</summary>
    public static MwTarget? Of(SipMessage message, MwSettings settings) =>
        message.IsResponse ? OfResponse(message) : OfRequest(message, settings);

    /// <summary>RFC 3261 §18.2.2, RFC 3581 §4: by the top Via, as <see cref="Mark"/> left it.</summary>
    static MwTarget? OfResponse(SipMessage response)
    {
        if (response.TopVia is not { Transport: "UDP" or "TCP" } via) return null;
        var host = via.Parameters["received"] ?? via.SentBy.Host;
        var back = ushort.TryParse(via.Parameters["rport"], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port : (ushort?)null;
        var listener = via.SentBy.Port ?? SipPort;
        return via.IsReliable ? new(host, listener, true, back) : new(host, back ?? listener, false);
    }

    /// <summary>
    /// RFC 3261 §16.6 step 7, RFC 3263 without NAPTR and SRV: the top Route, else the next hop, else the Request-URI. Without a
    /// transport in it the operator's choice holds.
    /// </summary>
    static MwTarget? OfRequest(SipMessage request, MwSettings settings)
    {
        var route = request.TopRoute?.Uri;
        if (route is null && settings.NextHop is { } next) return new(next.Host, next.Port ?? SipPort, settings.PrefersTcp);
        if ((route ?? request.RequestUri) is not { Scheme: "sip" } uri) return null;
        return uri.Transport is null or "udp" or "tcp"
            ? new(uri.Host, uri.Port ?? SipPort, (uri.Transport ?? (settings.PrefersTcp ? "tcp" : "udp")) == "tcp")
            : null;
    }

    /// <summary>
    /// Writes into a request's top Via where it came from (§18.2.1). Over TCP the port is noted unasked, since the response goes
    /// back on this connection; over UDP only if the sender asked (RFC 3581 §4).
    /// </summary>
    public static void Mark(SipMessage request, IPEndPoint from, bool isStream)
    {
        if (request.TopVia is not { } via) return;
        var address = from.Address.ToString();
        var marked = via.SentBy.Host.Trim('[', ']') == address && !via.Parameters.Has("received")
            ? via : via.With("received", address);
        if (isStream || via.Parameters.Has("rport"))
            marked = marked.With("received", address).With("rport", from.Port.ToString(CultureInfo.InvariantCulture));
        if (marked != via) request.ReplaceFirst(HeaderName.Via, marked);
    }
}
