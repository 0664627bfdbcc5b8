using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portunus.Nodes.Web;
using Portunus.Store;
using Portunus.Store.Access;
using Portunus.Waf;
using Portunus.Waf.Wwsf;

namespace Portunus.Nodes.Waf;

/// <summary>
/// A WAF or a WWSF without a listener of its own: it answers on the ports of a <see cref="WebNode"/>, with services of its own.
/// For one machine only, where page, WAF and WWSF may share an origin.
/// </summary>
public sealed class MountedApplication : IWebPart, IAsyncDisposable
{
    // As a listener of its own would take: HttpLimits.
    const int MostBytes = 16 * 1024;

    readonly WebApplication _application;
    readonly string[] _paths;
    readonly IDisposable? _also;
    readonly RequestDelegate _pipeline;

    MountedApplication(WebApplication application, string[] paths, IDisposable? also)
    {
        (_application, _paths, _also) = (application, paths, also);
        // A host that listens would add this end itself.
        application.UseEndpoints(_ => { });
        _pipeline = ((IApplicationBuilder)application).Build();
    }

    /// <summary>A WAF; what it shows to TURN servers by mutual TLS is not part of it.</summary>
    /// <param name="settings">Checked here.</param>
    /// <param name="store">Stays with the caller.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    /// <exception cref="RefusedException">A setting cannot be, or the data base cannot be used.</exception>
    public static Task<MountedApplication> WafAsync(WafSettings settings, AccessStore store, ILoggerFactory logs) => MountAsync(
        logs,
        services => services.AddWaf(settings, store),
        async application =>
        {
            await application.PrepareWafAsync();
            application.MapWaf();
        },
        ["/oauth/", "/.well-known/", "/turn/token", "/waf.css"]);

    /// <summary>The pool of a WWSF.</summary>
    /// <param name="settings">Checked here.</param>
    /// <param name="waf">Where the WAF is reached.</param>
    /// <param name="store">Stays with the caller.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    /// <exception cref="RefusedException">A setting cannot be, or the data base cannot be used.</exception>
    public static Task<MountedApplication> WwsfAsync(
        WwsfSettings settings, System.Net.IPEndPoint waf, AccessStore store, ILoggerFactory logs)
    {
        var http = OutsideHttp.Create(settings.WafAuthorities, TimeProvider.System, 64 * 1024, address: waf);
        return MountAsync(
            logs,
            services => services.AddWwsf(settings, store, http),
            async application =>
            {
                await application.PrepareWwsfAsync();
                application.MapWwsf();
            },
            ["/wwsf/"],
            http);
    }

    /// <summary>A path of the list, or below one that ends with a slash.</summary>
    public bool Has(PathString path) => path.Value is { } text && _paths.Any(one =>
        one.EndsWith('/') ? text.StartsWith(one, StringComparison.Ordinal) : text == one);

    public async Task ServeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = MostBytes;
        var outer = context.RequestServices;
        await using var scope = _application.Services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        try
        {
            await _pipeline(context);
        }
        finally
        {
            context.RequestServices = outer;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _also?.Dispose();
    }

    static async Task<MountedApplication> MountAsync(
        ILoggerFactory logs, Action<IServiceCollection> add, Func<WebApplication, Task> map, string[] paths,
        IDisposable? also = null)
    {
        WebApplication? application = null;
        try
        {
            var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "portunus" });
            builder.Services.AddLogging().AddSingleton<ILoggerFactory>(new DiscreetLogs(logs));
            builder.Services.AddSingleton(TimeProvider.System).AddSingleton<IServer, NoServer>();
            add(builder.Services);
            application = builder.Build();
            await map(application);
            return new(application, paths, also);
        }
        catch (Exception e)
        {
            if (application is not null) await application.DisposeAsync();
            also?.Dispose();
            if (e is ArgumentException or StoreException) throw new RefusedException(e.Message, e);
            throw;
        }
    }

    /// <summary>A web application wants one; this one is given its requests.</summary>
    sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken stop)
            where TContext : notnull => throw new NotSupportedException();

        public Task StopAsync(CancellationToken stop) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
