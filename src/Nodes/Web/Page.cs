using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Portunus.Nodes.Web;

/// <summary>What the page asks the server that gave it: which network it belongs to, and where W2 is.</summary>
static class Page
{
    public const string Description = "/config.json";

    public static async Task DescribeAsync(HttpContext context, WebSettings settings)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return;
        }

        context.Response.ContentType = "application/json";
        // W2 relative to the page: the same host, port and security as the page itself.
        var body = settings.SignIn is { } signIn
            ? JsonSerializer.SerializeToUtf8Bytes(new
            {
                realm = settings.Realm, w2 = settings.W2.Path, client = signIn.Client, turnServer = signIn.TurnServer,
            })
            : JsonSerializer.SerializeToUtf8Bytes(new { realm = settings.Realm, w2 = settings.W2.Path });
        context.Response.ContentLength = body.Length;
        if (HttpMethods.IsGet(context.Request.Method)) await context.Response.Body.WriteAsync(body);
    }
}
