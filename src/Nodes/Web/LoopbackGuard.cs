using System.Net;
using Microsoft.AspNetCore.Http;

namespace Portunus.Nodes.Web;

/// <summary>
/// Keeps a server that trusts loopback from serving anybody else: a request that came through a proxy, or by a name that a
/// stranger's DNS points here, is refused.
/// </summary>
static class LoopbackGuard
{
    /// <summary>What is wrong with the request; null when nothing is.</summary>
    public static string? Refusal(HttpRequest request)
    {
        foreach (var name in request.Headers.Keys)
            if (IsForwarding(name)) return "This server is for its own machine; requests that a proxy forwards are refused.";
        return IsLoopback(request.Host) ? null : "This server is for its own machine; its name is localhost.";
    }

    // RFC 7239, and the names in use before it.
    static bool IsForwarding(string name) =>
        name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase);

    static bool IsLoopback(HostString host)
    {
        var name = host.Host ?? "";
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return true;
        // As it is written: what IPAddress reads leniently (0x7f.1, 127.1) is no name that a browser sends.
        return IPAddress.TryParse(name, out var address)
            && IPAddress.IsLoopback(address)
            && address.ToString() == name.Trim('[', ']');
    }
}
