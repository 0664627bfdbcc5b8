using Microsoft.AspNetCore.Http;

namespace Portunus.Waf;

/// <summary>What every answer tells a browser: no script, no frame, nothing from elsewhere, nothing kept.</summary>
static class SecurityHeaders
{
    const string Policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action ";

    public static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy + "'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "microphone=(), camera=(), geolocation=()";
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";
        // Two years, as RFC 6797 lets a browser keep it; but not of localhost, which other programs of the machine share.
        if (context.Request.IsHttps && context.Request.Host.Host != "localhost")
            headers.StrictTransportSecurity = "max-age=63072000";
    }

    /// <summary>
    /// A form goes to ourselves, and from here the answer leads on to the client: browsers hold the policy against that too.
    /// </summary>
    /// <param name="context">Of a page with a form.</param>
    /// <param name="redirectUri">Of the client; was compared with those that it registered.</param>
    public static void AllowForm(HttpContext context, string? redirectUri)
    {
        var target = Uri.TryCreate(redirectUri, UriKind.Absolute, out var uri)
            ? uri.Scheme is "http" or "https" ? " " + uri.GetLeftPart(UriPartial.Authority) : $" {uri.Scheme}:"
            : "";
        context.Response.Headers.ContentSecurityPolicy = Policy + "'self'" + target;
    }
}
