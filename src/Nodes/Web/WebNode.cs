using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Portunus.Nodes.Core;
using Portunus.Nodes.W2;

namespace Portunus.Nodes.Web;

/// <summary>The web server on loopback: the WWSF's page, and W2 beside it on the same ports, plain and over TLS.</summary>
public sealed class WebNode : IAsyncDisposable
{
    readonly WebApplication _application;

    WebNode(WebApplication application) => _application = application;

    /// <summary>Starts to serve.</summary>
    /// <param name="settings">Its ports are bound.</param>
    /// <param name="edge">Takes what comes by W2.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    public static async Task<WebNode> StartAsync(WebSettings settings, EdgeNode edge, ILoggerFactory logs)
    {
        var application = WebServer.Build(
            endPoint => settings.Http.Find(endPoint) ?? settings.Https.Find(endPoint), kestrel => Listen(kestrel, settings), logs);
        var credentials = settings.Credentials is { } tokens ? new CredentialsEndpoint(tokens, edge) : null;
        Compose(application, settings, new(settings.W2, edge, logs.CreateLogger("Portunus.W2")), credentials);
        await application.StartAsync();
        return new(application);
    }

    /// <summary>Stops to serve; what is under way has two seconds.</summary>
    public ValueTask DisposeAsync() => WebServer.StopAsync(_application);

    static void Listen(KestrelServerOptions kestrel, WebSettings settings)
    {
        foreach (var endPoint in settings.Http.EndPoints) kestrel.Listen(endPoint, WebServer.Http1);
        foreach (var endPoint in settings.Https.EndPoints)
        {
            kestrel.Listen(endPoint, options =>
            {
                WebServer.Http1(options);
                options.UseHttps(settings.Certificate);
            });
        }
    }

    static void Compose(WebApplication application, WebSettings settings, W2Endpoint w2, CredentialsEndpoint? credentials)
    {
        application.Use(async (context, next) =>
        {
            if (LoopbackGuard.Refusal(context.Request) is { } reason)
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                context.Response.ContentType = "text/plain";
                await context.Response.WriteAsync(reason + "\n");
                return;
            }

            SecurityHeaders.Set(context);
            await next(context);
        });
        application.UseWebSockets();
        application.Use((context, next) =>
            context.Request.Path == settings.W2.Path ? w2.ServeAsync(context)
            : credentials is not null && context.Request.Path == CredentialsEndpoint.Path ? credentials.ServeAsync(context)
            : context.Request.Path == Page.Description ? Page.DescribeAsync(context, settings)
            : settings.Parts.FirstOrDefault(part => part.Has(context.Request.Path)) is { } part ? part.ServeAsync(context)
            : next(context));
        if (!Directory.Exists(settings.PageFolder)) return;
        var files = new PhysicalFileProvider(settings.PageFolder);
        application.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        application.UseStaticFiles(new StaticFileOptions { FileProvider = files });
    }
}
