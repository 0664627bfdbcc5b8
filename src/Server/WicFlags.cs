using System.Globalization;
using System.Net;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Wic;
using Portunus.Sip;

namespace Portunus.Server;

/// <summary>How the values of <c>portunus wic</c> are read; a refusal is a sentence that says what to write instead.</summary>
static class WicFlags
{
    public const int MostSeconds = 3600;

    public const int MostRate = 500;

    /// <summary>The kind of TURN credential that a WAF gives, and no edge.</summary>
    public const string ByWaf = "waf";

    public static Uri ReadServer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "ws" or "wss" && uri.UserInfo.Length == 0
            ? uri
            : throw new FormatException($"'{text}' is not the address of a WebSocket; write one like wss://edge.example.net/w2.");

    /// <summary>A public identity: <c>alice@ims.example.net</c>, with or without <c>sip:</c>.</summary>
    public static SipUri ReadIdentity(string text) =>
        SipUri.TryParse(text.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) ? text : $"sip:{text}", out var uri)
            && uri is { User.Length: > 0, Password: null, Port: null, Headers: null }
            && uri.Parameters.Count == 0
            ? uri
            : throw new FormatException($"'{text}' is not a subscriber; write one like alice@ims.example.net.");

    public static TurnChoice ReadTurn(string text) =>
        TurnUri.TryParse(text, out var uri) ? new(uri, null)
        : text == TurnChoice.Auto ? new(null, null)
        : text.StartsWith($"{TurnChoice.Auto}:", StringComparison.Ordinal) ? new(null, ReadDomain(text[(TurnChoice.Auto.Length + 1)..]))
        : throw new FormatException(
            $"'{text}' is not a TURN URI; write one like turn:turn.example.net:3478?transport=udp, or auto to have servers found.");

    /// <summary>A network, or one address of it.</summary>
    public static IPNetwork ReadNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : throw new FormatException($"'{text}' is not a network; write one like 10.1.0.0/16, or the address of a server.");

    public static TransportAddress ReadAddress(string text) =>
        TransportAddress.TryParse(text, out var address)
            ? address
            : throw new FormatException(
                $"'{text}' is not an IP address and a port; write one like 192.0.2.1:5000 or [2001:db8::1]:5000.");

    public static IPAddress ReadIp(string text) =>
        IPAddress.TryParse(text, out var address)
            ? address
            : throw new FormatException($"'{text}' is not an IP address; write one of this machine like 192.0.2.1 or 2001:db8::1.");

    public static TransportAddress ReadPeer(string text) =>
        ReadAddress(text) is { Port: > 0 } peer
            ? peer
            : throw new FormatException($"'{text}' names no port; write the one that the echo printed.");

    public static IPEndPoint ReadNameServer(string text) => ReadPeerOf53(text).ToIPEndPoint();

    public static string ReadCredential(string text) => text is TurnCredential.Password or TurnCredential.OAuth or "none" or ByWaf
        ? text
        : throw new FormatException($"'{text}' is not a kind of credential; write password, oauth, waf or none.");

    /// <summary>A WAF or a site: https, or http on this machine.</summary>
    public static Uri ReadWeb(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)
            && uri.UserInfo.Length == 0 && uri.PathAndQuery == "/"
            ? uri
            : throw new FormatException($"'{text}' is not the address of a server; write one like https://waf.example.net/.");

    /// <summary>RFC 8252 §7.3: a port of this machine.</summary>
    public static Uri ReadRedirect(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Fragment.Length == 0
            ? uri!
            : throw new FormatException(
                $"'{text}' is no redirect URI; write the one that the WAF knows, like http://127.0.0.1:8765/.");

    public static int ReadSeconds(string text) => ReadNumber(text, 1, MostSeconds);

    public static int ReadStay(string text) => ReadNumber(text, 0, 7 * 86_400);

    public static int ReadRate(string text) => ReadNumber(text, 1, MostRate);

    /// <summary>RFC 6750 §2.1: token68; what else stands in the file would break the header.</summary>
    public static string ReadToken(string text) =>
        text.Length is > 0 and < SipLimits.LineBytes / 2
            && text.TrimEnd('=').All(c => char.IsAsciiLetterOrDigit(c) || "-._~+/".Contains(c))
            ? text
            : throw new WrongUsageException("--token: this is no bearer token; one is of letters, digits and - . _ ~ + / =.");

    static string ReadDomain(string text) => DiscoveryPlan.IsDomain(text)
        ? text
        : throw new FormatException($"'{text}' is not a domain of the DNS; write one like auto:example.net.");

    static TransportAddress ReadPeerOf53(string text) =>
        TransportAddress.TryParse(text, out var address) && address.Port > 0 ? address
        : IPAddress.TryParse(text, out var ip) ? TransportAddress.From(ip, 53)
        : throw new FormatException($"'{text}' is not a name server; write an address like 192.0.2.53 or 192.0.2.53:53.");

    static int ReadNumber(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"'{text}' is not a number from {least} to {most}; write one.");
}
