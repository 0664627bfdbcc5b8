using Microsoft.AspNetCore.Http;

namespace Portunus.Nodes.Web;

/// <summary>What every answer tells a browser about what it may do with it.</summary>
static class SecurityHeaders
{
    /// <param name="context">Its Host is known to be loopback.</param>
    public static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        var host = context.Request.Host.ToUriComponent();
        // W2 is named besides 'self', because older browsers do not match ws to http there (CSP 3 §6.7.2.8). The grammar of a
        // source has no IPv6 address (§2.3.1): there the schemes stand alone.
        var w2 = host.StartsWith('[') ? "ws: wss:" : $"ws://{host} wss://{host}";
        headers.ContentSecurityPolicy =
            $"default-src 'self'; connect-src 'self' {w2}; object-src 'none'; base-uri 'none'; " +
            "form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // The microphone is for this page; nothing else of the machine is for anybody.
        headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=(), display-capture=()";
        // A new version of the program must not meet the old page; an unchanged file is answered 304.
        headers.CacheControl = "no-cache";
    }
}
