using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Portunus.Tests.Interop.Browser;

/// <summary>An operator's own web server: the page of the product, and the config.json that leads it to an edge elsewhere.</summary>
sealed class PageServer : IAsyncDisposable
{
    readonly WebApplication _web;

    PageServer(WebApplication web) => _web = web;

    /// <summary>The page; a name, since browsers give the microphone to localhost.</summary>
    public Uri Page => new UriBuilder(_web.Urls.Single()) { Host = "localhost" }.Uri;

    /// <summary>W2 of the edge; the page asks for it when it is opened.</summary>
    public Uri? W2 { get; set; }

    public static async Task<PageServer> StartAsync(string domain)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new PageServer(builder.Build());
        var files = new PhysicalFileProvider(Path.Combine(Checkout.Root, "src", "Server", "wwwroot"));
        server._web.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        server._web.UseStaticFiles(new StaticFileOptions { FileProvider = files });
        server._web.Run(context => context.Request.Path == "/config.json"
            ? context.Response.WriteAsJsonAsync(new { realm = domain, w2 = server.W2 })
            : Task.FromResult(context.Response.StatusCode = StatusCodes.Status404NotFound));
        await server._web.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}
