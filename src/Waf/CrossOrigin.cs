using Microsoft.AspNetCore.Http;
using Portunus.Waf.Token;
using Portunus.Waf.Turn;

namespace Portunus.Waf;

/// <summary>
/// Lets a page ask for tokens from the site that served it (the CORS protocol of the Fetch standard): an origin of a redirect
/// URI, compared as it is written, and without cookies. The pages with forms are not among it.
/// </summary>
sealed class CrossOrigin(WafSettings settings)
{
    readonly HashSet<string> _origins =
    [
        .. settings.Clients.SelectMany(client => client.RedirectUris)
            .Where(uri => uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            .Select(uri => uri.GetLeftPart(UriPartial.Authority)),
    ];

    /// <summary>
    /// Sets the headers that allow; true when the request only asked whether it may (a preflight) and is answered.
    /// </summary>
    public bool Answer(HttpContext context)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        if (!IsForPages(request.Path)) return false;
        headers.Vary = "Origin";
        var origin = request.Headers.Origin.ToString();
        if (!_origins.Contains(origin)) return false;
        headers.AccessControlAllowOrigin = origin;
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.AccessControlExposeHeaders = "WWW-Authenticate, Retry-After";
        if (!HttpMethods.IsOptions(request.Method) || request.Headers.AccessControlRequestMethod.Count == 0) return false;
        headers.AccessControlAllowMethods = "GET, POST";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type";
        headers.AccessControlMaxAge = "600";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }

    static bool IsForPages(PathString path) =>
        path == TokenEndpoint.Path || path == WafEndpoints.Revocation || path == TurnTokenEndpoint.Path
        || path == WafEndpoints.Jwks || path == WafEndpoints.Metadata || path == WafEndpoints.OpenIdMetadata;
}
