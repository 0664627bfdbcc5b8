using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Portunus.Nodes.Waf;

/// <summary>What a stranger may send to a WAF or a WWSF.</summary>
static class HttpLimits
{
    public static void Set(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        // A token exchange carries two tokens of 1 to 2 kB.
        limits.MaxRequestBodySize = 16 * 1024;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestLineSize = 4 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.MaxConcurrentConnections = 4096;
    }
}
