using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portunus.Store;
using Portunus.Waf.Wwsf;

namespace Portunus.Nodes.Waf;

/// <summary>The pool of a WWSF on its listener: leases of identities, with the tokens that its WAF makes for them.</summary>
public sealed class WwsfNode : IAsyncDisposable
{
    readonly WebApplication _application;
    readonly HttpClient _http;

    WwsfNode(WebApplication application, HttpClient http, int port) => (_application, _http, Port) = (application, http, port);

    /// <summary>TCP port of the listener.</summary>
    public int Port { get; }

    /// <summary>Starts to serve.</summary>
    /// <param name="settings">What and where.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    /// <exception cref="RefusedException">A port is taken, a setting cannot be, or the data base cannot be used.</exception>
    public static async Task<WwsfNode> StartAsync(WwsfNodeSettings settings, ILoggerFactory logs)
    {
        var certificate = ServerTls.Of(settings.Certificate, settings.CertificateFiles);
        if (certificate is null && !IPAddress.IsLoopback(settings.Listen.Address))
            throw new RefusedException($"A WWSF at {settings.Listen} needs a certificate; plain http is for loopback alone.");
        ListenOptions? listener = null;
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "portunus" });
        builder.Services.AddLogging().AddSingleton<ILoggerFactory>(new DiscreetLogs(logs));
        builder.Services.AddSingleton(settings.Time);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            HttpLimits.Set(kestrel);
            kestrel.Listen(settings.Listen, options =>
            {
                listener = options;
                if (certificate is not null) ServerTls.Use(options, certificate);
            });
        });
        // A token has 1 to 2 kB.
        var http = OutsideHttp.Create(settings.Wwsf.WafAuthorities, settings.Time, 64 * 1024, address: settings.WafAddress);
        try
        {
            builder.Services.AddWwsf(settings.Wwsf, settings.Store, http);
            var application = builder.Build();
            try
            {
                await application.PrepareWwsfAsync();
                application.MapWwsf();
                await application.StartAsync();
            }
            catch
            {
                await application.DisposeAsync();
                throw;
            }

            return new(application, http, listener!.IPEndPoint!.Port);
        }
        catch (Exception e)
        {
            http.Dispose();
            throw e switch
            {
                ArgumentException or StoreException => new RefusedException(e.Message, e),
                IOException => new RefusedException($"The WWSF cannot listen: {e.Message.TrimEnd('.')}; write another port.", e),
                _ => e,
            };
        }
    }

    /// <summary>Stops to serve; what is under way has two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _application.StopAsync(patience.Token);
        await _application.DisposeAsync();
        _http.Dispose();
    }
}
