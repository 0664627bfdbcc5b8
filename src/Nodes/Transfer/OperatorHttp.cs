using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portunus.Nodes.Tls;

namespace Portunus.Nodes.Transfer;

/// <summary>HTTP between nodes of one operator, both ends: mutual TLS 1.3, everything bounded.</summary>
static class OperatorHttp
{
    /// <summary>Serves at an address of its own.</summary>
    /// <param name="listen">Port 0 for a free one.</param>
    /// <param name="flag">What the operator calls it.</param>
    /// <param name="identity">Stays with the caller.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    /// <param name="map">Maps the requests.</param>
    /// <exception cref="RefusedException">The address cannot be had.</exception>
    public static async Task<WebApplication> ServeAsync(
        IPEndPoint listen, string flag, TlsIdentity identity, ILoggerFactory logs, Action<WebApplication> map)
    {
        // Empty: no file and no variable of whoever started us changes what is served.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "portunus" });
        builder.Services.AddSingleton(logs);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => Configure(kestrel, listen, identity));
        var application = builder.Build();
        map(application);
        try
        {
            await application.StartAsync();
            return application;
        }
        catch (Exception e) when (e is IOException { InnerException: AddressInUseException } or SocketException)
        {
            await application.DisposeAsync();
            throw new RefusedException($"{listen} is taken or not of this machine; write another as {flag}.", e);
        }
    }

    /// <summary>Where it listens, with the port that the system gave.</summary>
    public static IPEndPoint AddressOf(WebApplication application)
    {
        var addresses = application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        return IPEndPoint.Parse(new Uri(addresses.Addresses.Single()).Authority);
    }

    /// <summary>What is served: method and path, as docs/openapi.yaml names them.</summary>
    public static IEnumerable<(string Method, string Path)> ServedBy(WebApplication application) =>
        from source in ((IEndpointRouteBuilder)application).DataSources
        from endpoint in source.Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        select (method, endpoint.RoutePattern.RawText!);

    /// <summary>Stops to serve; what is under way has two seconds.</summary>
    public static async Task StopAsync(WebApplication application)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await application.StopAsync(patience.Token);
        await application.DisposeAsync();
    }

    /// <summary>A client of one node. The deadline of each request is its token's.</summary>
    /// <param name="address">Of the node; its certificate names the host.</param>
    /// <param name="identity">Stays with the caller.</param>
    /// <param name="largest">Bytes of an answer.</param>
    public static HttpClient Client(Uri address, TlsIdentity identity, int largest) =>
        new(new SocketsHttpHandler
        {
            SslOptions = identity.ForClient(),
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            // Two round trips, in which a segment may be lost once or twice (RFC 6298 §2.1, §5.5).
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // A new connection now and then notices a new address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // A connection to a machine that is gone would otherwise be waited on for minutes; what is lost twice comes 3 s late.
            KeepAlivePingDelay = TimeSpan.FromSeconds(2),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(4),
            MaxResponseHeadersLength = 8,
        })
        {
            BaseAddress = address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            MaxResponseContentBufferSize = largest,
            Timeout = Timeout.InfiniteTimeSpan,
        };

    static void Configure(KestrelServerOptions kestrel, IPEndPoint listen, TlsIdentity identity)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = CredentialRequests.LargestStatement;
        kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        kestrel.Limits.MaxConcurrentConnections = 1024;
        // Whole sets are read two at a time: one that trickles in must not keep the others out.
        kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 256 * 1024, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Listen(listen, options =>
        {
            options.Protocols = HttpProtocols.Http1AndHttp2;
            options.UseHttps(identity.Configure);
        });
    }
}
