using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Portunus.Nodes.Core;
using Portunus.Nodes.W2;

namespace Portunus.Nodes.Web;

/// <summary>
/// The web side of an eP-CSCF that serves everybody, over TLS, or in plain from proxies that end TLS (obligation 1): W2, and
/// credentials by HTTP.
/// </summary>
public sealed class EdgeWebNode : IAsyncDisposable
{
    readonly WebApplication _application;

    EdgeWebNode(WebApplication application) => _application = application;

    /// <summary>Starts to serve.</summary>
    /// <param name="settings">Its ports are bound.</param>
    /// <param name="edge">Takes what comes by W2.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    public static async Task<EdgeWebNode> StartAsync(EdgeWebSettings settings, EdgeNode edge, ILoggerFactory logs)
    {
        var application = WebServer.Build(
            endPoint => settings.Https.Find(endPoint) ?? settings.Http.Find(endPoint), kestrel => Listen(kestrel, settings), logs);
        var credentials = settings.Credentials is { } tokens ? new CredentialsEndpoint(tokens, edge) : null;
        Compose(
            application, settings, new(settings.W2, edge, logs.CreateLogger("Portunus.W2")), credentials,
            logs.CreateLogger("Portunus.Web"));
        await application.StartAsync();
        return new(application);
    }

    public ValueTask DisposeAsync() => WebServer.StopAsync(_application);

    static void Listen(KestrelServerOptions kestrel, EdgeWebSettings settings)
    {
        foreach (var endPoint in settings.Http.EndPoints) kestrel.Listen(endPoint, WebServer.Http1);
        foreach (var endPoint in settings.Https.EndPoints)
            kestrel.Listen(endPoint, options => WebServer.Tls(options, settings.Certificate!));
    }

    static void Compose(
        WebApplication application, EdgeWebSettings settings, W2Endpoint w2, CredentialsEndpoint? credentials, ILogger log)
    {
        var proxies = new Proxies(settings.TrustedProxies);
        var refusals = new OnceAMinute();
        application.Use(async (context, next) =>
        {
            var (connection, headers) = (context.Connection, context.Request.Headers);
            if (!context.Request.IsHttps && (!proxies.Has(connection.RemoteIpAddress) || Proxies.SaysPlain(headers)))
            {
                if (refusals.TryTake()) WebLog.PlainRefused(log, connection.RemoteIpAddress!);
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                context.Response.ContentType = "text/plain";
                await context.Response.WriteAsync("This is served over TLS only.\n");
                return;
            }

            connection.RemoteIpAddress = proxies.ClientOf(headers, connection.RemoteIpAddress);
            context.Response.Headers.XContentTypeOptions = "nosniff";
            await next(context);
        });
        application.UseWebSockets();
        application.Use((context, next) =>
            context.Request.Path == settings.W2.Path ? w2.ServeAsync(context)
            : credentials is not null && context.Request.Path == CredentialsEndpoint.Path ? credentials.ServeAsync(context)
            : next(context));
    }
}
