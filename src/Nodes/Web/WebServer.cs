using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Portunus.Nodes.Web;

/// <summary>How every web listener of this program is built: on sockets bound beforehand, with limits, and nothing else.</summary>
static class WebServer
{
    /// <param name="bound">The socket of an address that <paramref name="listen"/> names.</param>
    /// <param name="listen">Names the addresses.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    public static WebApplication Build(Func<EndPoint, Socket?> bound, Action<KestrelServerOptions> listen, ILoggerFactory logs)
    {
        // Empty: no file and no variable of whoever started us changes what is served.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "portunus" });
        builder.Services.AddSingleton(logs);
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = endPoint =>
            bound(endPoint) ?? throw new InvalidOperationException($"{endPoint} was not bound beforehand."));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            var limits = kestrel.Limits;
            // Nobody sends us a body; a browser's headers are below 2 kB.
            limits.MaxRequestBodySize = 0;
            limits.MaxRequestHeadersTotalSize = 16 * 1024;
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            limits.MaxConcurrentConnections = 4096;
            listen(kestrel);
        });
        return builder.Build();
    }

    /// <summary>A WebSocket over HTTP/2 (RFC 8441) would share its connection with others; one way is enough.</summary>
    public static void Http1(ListenOptions options) => options.Protocols = HttpProtocols.Http1;

    /// <summary>HTTP/1.1 over TLS with the certificate of the moment.</summary>
    public static void Tls(ListenOptions options, CertificateFiles certificate)
    {
        Http1(options);
        options.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => new(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Current,
                ApplicationProtocols = [SslApplicationProtocol.Http11],
            }),
        });
    }

    /// <summary>Stops to serve; what is under way has two seconds.</summary>
    public static async ValueTask StopAsync(WebApplication application)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await application.StopAsync(patience.Token);
        await application.DisposeAsync();
    }
}
