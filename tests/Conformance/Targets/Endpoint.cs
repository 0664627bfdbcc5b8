using System.Globalization;
using System.Net;
using Portunus.Tests.Conformance.Transports;

namespace Portunus.Tests.Conformance.Targets;

/// <summary>The transports between client and server (RFC 8656 §3.1).</summary>
enum Transport { Udp, Tcp, Tls, Dtls }

/// <summary>Where a target is heard, and by which transport.</summary>
sealed record Endpoint(Transport Transport, IPEndPoint Address)
{
    public bool IsStream => Transport is Transport.Tcp or Transport.Tls;

    /// <summary>A new five-tuple to it.</summary>
    public IPipe Open(TimeSpan patience) => Transport switch
    {
        Transport.Udp => new UdpPipe(Address),
        Transport.Dtls => new DtlsPipe(Address, patience),
        _ => new StreamPipe(Address, Transport == Transport.Tls, patience),
    };

    /// <summary>Reads "udp:HOST:PORT", an IPv6 address in brackets; a name is looked up.</summary>
    /// <exception cref="FormatException">The text is none; the message says what to write.</exception>
    public static Endpoint Parse(string text)
    {
        var (scheme, rest) = text.Split(':', 2) is [var first, var other] ? (first, other) : ("", "");
        var colon = rest.LastIndexOf(':');
        if (!Enum.TryParse<Transport>(scheme, ignoreCase: true, out var transport) || colon < 1
            || !ushort.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            throw new FormatException($"'{text}' is no endpoint: write udp:HOST:PORT, or tcp:, tls: or dtls: in place of udp:");
        var host = rest[..colon].Trim('[', ']');
        return new(transport, new(IPAddress.TryParse(host, out var address) ? address : Dns.GetHostAddresses(host)[0], port));
    }

    public override string ToString() => $"{Transport.ToString().ToLowerInvariant()}:{Address}";
}
