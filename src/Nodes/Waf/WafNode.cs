using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portunus.Store;
using Portunus.Waf;

namespace Portunus.Nodes.Waf;

/// <summary>A WAF on its listeners: one for browsers and clients, one for who shows a certificate.</summary>
public sealed class WafNode : IAsyncDisposable
{
    readonly WebApplication _application;

    WafNode(WebApplication application, int port, int? credentialPort) =>
        (_application, Port, CredentialPort) = (application, port, credentialPort);

    /// <summary>TCP port of the web listener.</summary>
    public int Port { get; }

    /// <summary>TCP port of the listener with client certificates; null when there is none.</summary>
    public int? CredentialPort { get; }

    /// <summary>Starts to serve.</summary>
    /// <param name="settings">What and where.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    /// <exception cref="RefusedException">A port is taken, a setting cannot be, or the data base cannot be used.</exception>
    public static async Task<WafNode> StartAsync(WafNodeSettings settings, ILoggerFactory logs)
    {
        var hasCertificate = settings.Certificate is not null || settings.CertificateFiles is not null;
        if (!hasCertificate && (settings.Waf.Issuer.Scheme == Uri.UriSchemeHttps || settings.CredentialListen is not null))
            throw new RefusedException($"A WAF at {settings.Waf.Issuer} needs a certificate; name one.");
        List<ListenOptions> listeners = [];
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "portunus" });
        builder.Services.AddLogging().AddSingleton<ILoggerFactory>(new DiscreetLogs(logs));
        builder.Services.AddSingleton(settings.Time);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => Configure(kestrel, settings, listeners));
        try
        {
            builder.Services.AddWaf(settings.Waf, settings.Store);
            var application = builder.Build();
            try
            {
                await application.PrepareWafAsync();
                application.MapWaf();
                await application.StartAsync();
            }
            catch
            {
                await application.DisposeAsync();
                throw;
            }

            return new(application, listeners[0].IPEndPoint!.Port, listeners.ElementAtOrDefault(1)?.IPEndPoint!.Port);
        }
        catch (Exception e) when (e is ArgumentException or StoreException)
        {
            throw new RefusedException(e.Message, e);
        }
        catch (IOException e)
        {
            throw new RefusedException($"The WAF cannot listen: {e.Message.TrimEnd('.')}; write another port.", e);
        }
    }

    /// <summary>Stops to serve; what is under way has two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _application.StopAsync(patience.Token);
        await _application.DisposeAsync();
    }

    static void Configure(KestrelServerOptions kestrel, WafNodeSettings settings, List<ListenOptions> listeners)
    {
        HttpLimits.Set(kestrel);
        var certificate = ServerTls.Of(settings.Certificate, settings.CertificateFiles);
        kestrel.Listen(settings.Listen, options =>
        {
            listeners.Add(options);
            if (certificate is not null) ServerTls.Use(options, certificate);
        });
        if (settings.CredentialListen is null) return;
        kestrel.Listen(settings.CredentialListen, options =>
        {
            listeners.Add(options);
            ServerTls.Use(options, certificate!, settings.CredentialAuthorities, settings.Time);
        });
    }
}
