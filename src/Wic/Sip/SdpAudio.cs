using System.Globalization;
using System.Net;
using System.Text;
using Portunus.Bedrock;

namespace Portunus.Wic;

/// <summary>
/// The least of SDP (RFC 8866) that two native clients need: one stream of audio in the clear, and where it is received.
/// </summary>
public static class SdpAudio
{
    /// <summary>Describes one G.711 stream at <paramref name="at"/>; an offer and an answer look alike (RFC 3264).</summary>
    /// <param name="at">The relayed address.</param>
    /// <param name="session">Names the session; any number.</param>
    public static byte[] Write(in TransportAddress at, uint session)
    {
        var address = $"IN {(at.Family == IPFamily.IPv4 ? "IP4" : "IP6")} {at.ToIPAddress()}";
        return Encoding.ASCII.GetBytes(
            $"v=0\r\no=- {session} 1 {address}\r\ns=-\r\nc={address}\r\nt=0 0\r\n"
            + $"m=audio {at.Port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n");
    }

    /// <summary>
    /// Where the first stream of audio in the clear is received; false when there is none, it is refused (port 0), or its address
    /// is a name. A browser's stream is none: it wants DTLS (RFC 8827).
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> sdp, out TransportAddress at)
    {
        at = default;
        IPAddress? session = null, media = null;
        ushort? port = null;
        foreach (var range in Split(sdp))
        {
            var line = sdp[range].TrimEnd((byte)'\r');
            // A second stream begins: what follows is its own.
            if (line.StartsWith("m="u8) && port is not null) break;
            if (line.StartsWith("m=audio "u8)) port = ReadPort(line["m=audio "u8.Length..]);
            else if (line.StartsWith("c=IN IP"u8) && line.Length > 9 && TryReadAddress(line[9..], out var address))
                (session, media) = port is null ? (address, media) : (session, address);
        }

        if (port is not > 0 || (media ?? session) is not { } host) return false;
        at = TransportAddress.From(host, port.Value);
        return true;
    }

    static MemoryExtensions.SpanSplitEnumerator<byte> Split(ReadOnlySpan<byte> sdp) => sdp.Split((byte)'\n');

    /// <summary>The port of "49170 RTP/AVP 0"; null for another protocol, or a range of ports.</summary>
    static ushort? ReadPort(ReadOnlySpan<byte> text)
    {
        var space = text.IndexOf((byte)' ');
        if (space < 0 || !text[(space + 1)..].StartsWith("RTP/AVP "u8)) return null;
        return ushort.TryParse(text[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
    }

    // A multicast address has a slash and is no address here.
    static bool TryReadAddress(ReadOnlySpan<byte> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Length > 46 || text.Contains((byte)'%') || !IPAddress.TryParse(Encoding.ASCII.GetString(text), out var parsed))
            return false;
        address = parsed;
        return true;
    }
}
