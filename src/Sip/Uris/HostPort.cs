using System.Net;
using System.Net.Sockets;

namespace Portunus.Sip;

/// <summary>A host and perhaps a port: hostport of a URI, sent-by of a Via (RFC 3261 §25.1).</summary>
/// <param name="Host">In lower case; an IPv6 address in its brackets.</param>
/// <param name="Port">Null when none is written, which is not the same as the default (§19.1.4).</param>
public readonly record struct HostPort(string Host, ushort? Port = null)
{
    /// <summary>Reads <c>host [":" port]</c>, no white space in it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out HostPort hostPort)
    {
        var scanner = new Scanner(text);
        return TryRead(ref scanner, spaceAroundColon: false, out hostPort) && scanner.AtEnd;
    }

    public override string ToString() => Port is { } port ? $"{Host}:{port}" : Host ?? "";

    /// <param name="scanner">Stops after the last that belongs to it.</param>
    /// <param name="spaceAroundColon">True in a Via, whose COLON is a separator.</param>
    /// <param name="hostPort">What was read.</param>
    internal static bool TryRead(ref Scanner scanner, bool spaceAroundColon, out HostPort hostPort)
    {
        hostPort = default;
        if (!TryHost(ref scanner, out var host)) return false;
        if (spaceAroundColon ? !scanner.TrySeparator((byte)':') : !scanner.TryTake((byte)':'))
        {
            hostPort = new(host);
            return true;
        }

        if (!scanner.TryRun(Grammar.HostChars, out var digits)) return false;
        if (!Grammar.TryNumber(digits, ushort.MaxValue, out var port)) return false;
        hostPort = new(host, (ushort)port);
        return true;
    }

    static bool TryHost(ref Scanner scanner, out string host)
    {
        host = "";
        if (scanner.TryTake((byte)'['))
        {
            if (!scanner.TryUpTo((byte)']', out var inside) || inside.Length > 45) return false;
            var text = Grammar.Text(inside).ToLowerInvariant();
            if (!IPAddress.TryParse(text, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6) return false;
            if (text.Contains('%')) return false;
            host = $"[{text}]";
            return true;
        }

        // 253 characters is the longest name that DNS can hold.
        if (!scanner.TryRun(Grammar.HostChars, out var name) || name.Length > 253) return false;
        host = Grammar.Text(name).ToLowerInvariant();
        return true;
    }
}
