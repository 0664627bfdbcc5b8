using System.Globalization;
using System.Net;
using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Server;

/// <summary>How the values of <c>portunus turn</c> are read; a refusal is a sentence that says what to write instead.</summary>
static class TurnFlags
{
    // A worker's number has 8 bits in the ids that it gives out.
    const int MaxWorkers = 255;

    /// <summary>The names of data paths.</summary>
    public const string AutoPath = "auto";
    public const string PortablePath = "portable";
    public const string LinuxPath = "linux";

    public static TurnListener ReadListener(string text)
    {
        var scheme = text.IndexOf(':') is > 0 and var colon && text[..colon].All(char.IsAsciiLetter) ? text[..colon] : "";
        ClientTransport? transport = scheme switch
        {
            "" or "udp" => ClientTransport.Udp,
            "tcp" => ClientTransport.Tcp,
            "tls" => ClientTransport.Tls,
            "dtls" => ClientTransport.Dtls,
            _ => null,
        };
        if (transport is null && scheme.Length == text.IndexOf(':'))
            throw new FormatException(
                $"'{text}' is not served; write udp:, tcp:, tls: or dtls:IP:PORT, like udp:192.0.2.1:3478.");
        if (!TransportAddress.TryParse(scheme.Length > 0 ? text[(scheme.Length + 1)..] : text, out var address))
            throw new FormatException(
                $"'{text}' is not an IP address and a port; write one like 192.0.2.1:3478 or [2001:db8::1]:3478.");
        return IsOfMany(address.ToIPAddress())
            ? throw new FormatException($"'{text}' is an address of many; write one of this machine, like 192.0.2.1:3478.")
            : new(address, transport ?? ClientTransport.Udp);
    }

    /// <summary>Reads <c>IP</c>, or <c>IP=PUBLIC</c> behind a NAT that maps address to address and keeps ports.</summary>
    public static RelayAddress ReadRelayAddress(string text)
    {
        var sign = text.IndexOf('=');
        if (sign < 0) return new(ReadRelayIP(text));
        var mapped = new RelayAddress(ReadRelayIP(text[..sign]), ReadRelayIP(text[(sign + 1)..]));
        return mapped.Local.Family == mapped.Public.Family
            ? mapped
            : throw new FormatException($"'{text}' maps one family to the other; write two of one, like 10.0.0.1=192.0.2.1.");
    }

    static TransportAddress ReadRelayIP(string text)
    {
        if (!TryReadIP(text, out var ip))
            throw new FormatException(
                $"'{text}' is not an IP address; write one of this machine, like 192.0.2.1, or 10.0.0.1=192.0.2.1 behind a NAT.");
        if (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            throw new FormatException($"'{text}' stands for every address; write the one that peers reach, like 192.0.2.1.");
        if (IsOfMany(ip))
            throw new FormatException($"'{text}' is an address of many; write one of this machine, like 192.0.2.1.");
        return TransportAddress.From(ip, 0);
    }

    public static PortRange ReadPorts(string text) =>
        PortRange.TryParse(text, out var range)
            ? range
            : throw new FormatException($"'{text}' is not a range of ports; write one like 49152-65535.");

    public static AddressRange ReadRange(string text) =>
        AddressRange.TryParse(text, out var range)
            ? range
            : throw new FormatException($"'{text}' is not a range of addresses; write one like 10.0.0.0/8 or fd00::/8.");

    /// <remarks>RFC 8489 §14.9: fewer than 128 characters; counted in bytes, as the longest answer is.</remarks>
    public static string ReadRealm(string text) =>
        Encoding.UTF8.GetByteCount(text) is > 0 and <= 127 && !text.Any(c => char.IsControl(c) || c is '"' or '\\')
            ? text
            : throw new FormatException(
                $"'{text}' cannot be a realm; write a domain name of at most 127 bytes, like example.org.");

    /// <remarks>Beside the longest realm it still fits into a 401.</remarks>
    public static string ReadServerName(string text) =>
        Encoding.UTF8.GetByteCount(text) is > 0 and <= StunMessage.MostServerName && !text.Any(char.IsControl)
            ? text
            : throw new FormatException(
                $"'{text}' cannot be a server's name; write a domain name of at most {StunMessage.MostServerName} bytes.");

    public static int ReadWorkers(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var workers) && workers is >= 1 and <= MaxWorkers
            ? workers
            : throw new FormatException($"'{text}' is not a number of workers; write one from 1 to {MaxWorkers}.");

    public static DataPath ReadDataPath(string text) => text switch
    {
        AutoPath => DataPath.Auto,
        PortablePath => DataPath.Portable,
        LinuxPath => DataPath.Linux,
        _ => throw new FormatException($"'{text}' is not a data path; write {AutoPath}, {PortablePath} or {LinuxPath}."),
    };

    /// <summary>Reads <c>name:password</c>, split at the first colon.</summary>
    /// <exception cref="WrongUsageException">Another form.</exception>
    /// <exception cref="RefusedException">The name would be taken for the expiry of a time-limited credential.</exception>
    public static StaticUser ReadUser(string text)
    {
        // Only the length before the colon is told: the rest may be a password.
        var colon = text.IndexOf(':');
        if (colon <= 0 || colon == text.Length - 1)
            throw new WrongUsageException("--user: a name, a colon and a password are needed; write NAME:PASSWORD.");
        if (TimeLimitedCredential.TryReadExpiry(Encoding.UTF8.GetBytes(text[..(colon + 1)]), out _))
            throw new RefusedException(
                $"--user {text[..colon]}: 9 to 11 digits and a colon begin a time-limited credential; choose another name.");
        return new(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>Multicast and broadcast: a socket can be bound to them, but nobody can be answered from them.</summary>
    static bool IsOfMany(IPAddress ip) =>
        ip.IsIPv6Multicast || ip.Equals(IPAddress.Broadcast)
        || (ip.GetAddressBytes() is [var first, _, _, _] && first >> 4 == 0b1110);

    /// <summary>The classic forms "10.1" and "0x7f.1" mean something else to every reader: four parts or none.</summary>
    static bool TryReadIP(string text, out IPAddress ip)
    {
        ip = IPAddress.None;
        if (text.Contains('/') || text.Contains('[') || (!text.Contains(':') && text.Count(c => c == '.') != 3)) return false;
        if (!IPAddress.TryParse(text, out var parsed)) return false;
        ip = parsed;
        return true;
    }
}
