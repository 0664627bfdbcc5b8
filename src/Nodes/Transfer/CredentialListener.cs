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
using Portunus.Turn;

namespace Portunus.Nodes.Transfer;

/// <summary>
/// The TURN server's side of the interface for credentials (Approach 2): edges of the operator, known by their certificates, make
/// credentials known and withdraw them. docs/openapi.yaml describes it.
/// </summary>
public sealed class CredentialListener : IAsyncDisposable
{
    // Of what runs out without anybody saying so.
    static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    readonly WebApplication _application;
    readonly TlsIdentity _identity;
    readonly PushedCredentials _table;
    readonly Func<IReadOnlyCollection<string>, Task> _end;
    readonly Timer _sweep;

    CredentialListener(
        WebApplication application, TlsIdentity identity, PushedCredentials table, Func<IReadOnlyCollection<string>, Task> end)
    {
        (_application, _identity, _table, _end) = (application, identity, table, end);
        _sweep = new(_ => Sweep(), null, SweepInterval, SweepInterval);
        var addresses = application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        Address = IPEndPoint.Parse(new Uri(addresses.Addresses.Single()).Authority);
    }

    /// <summary>Where it listens, with the port that the system gave.</summary>
    public IPEndPoint Address { get; }

    /// <summary>What is served: method and path, as docs/openapi.yaml names them.</summary>
    internal IEnumerable<(string Method, string Path)> Served =>
        from source in ((IEndpointRouteBuilder)_application).DataSources
        from endpoint in source.Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        select (method, endpoint.RoutePattern.RawText!);

    /// <summary>Starts to serve.</summary>
    /// <param name="settings">Validated here.</param>
    /// <param name="table">What is pushed goes here; the TURN server's verifier asks it.</param>
    /// <param name="end">Ends what runs on registrations that have no credential any more; it is over when nothing is relayed for
    /// them. A withdrawal is answered after it.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    /// <exception cref="RefusedException">A setting or a file cannot be used, or the address cannot be had.</exception>
    public static async Task<CredentialListener> StartAsync(
        CredentialListenerSettings settings, PushedCredentials table, Func<IReadOnlyCollection<string>, Task> end,
        ILoggerFactory logs)
    {
        if (settings.Mistakes().ToArray() is { Length: > 0 } mistakes) throw new RefusedException(string.Join(' ', mistakes));
        var identity = TlsIdentity.Load(settings.Tls);
        // Empty: no file and no variable of whoever started us changes what is served.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "portunus" });
        builder.Services.AddSingleton(logs);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => Configure(kestrel, settings, identity));
        var application = builder.Build();
        new CredentialRequests(table, new(settings), end, logs.CreateLogger("Portunus.Credentials")).MapTo(application);
        try
        {
            await application.StartAsync();
            return new(application, identity, table, end);
        }
        catch (Exception e) when (e is IOException { InnerException: AddressInUseException } or SocketException)
        {
            await application.DisposeAsync();
            identity.Dispose();
            throw new RefusedException(
                $"{settings.Listen} is taken or not of this machine; write another as {settings.ListenFlag}.", e);
        }
    }

    /// <summary>Stops to serve; what is under way has two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _sweep.DisposeAsync();
        await _application.StopAsync(patience.Token);
        await _application.DisposeAsync();
        _identity.Dispose();
    }

    static void Configure(KestrelServerOptions kestrel, CredentialListenerSettings settings, TlsIdentity identity)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = CredentialRequests.LargestStatement;
        kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        kestrel.Limits.MaxConcurrentConnections = 1024;
        // Sets are read two at a time: one that trickles in must not keep the others out.
        kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 256 * 1024, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Listen(settings.Listen, options =>
        {
            options.Protocols = HttpProtocols.Http1AndHttp2;
            options.UseHttps(identity.Configure);
        });
    }

    void Sweep()
    {
        List<string> ended = [];
        _table.OnDeadline(SystemClock.Now, ended);
        // Its failure is the TURN server's, which says so itself.
        if (ended.Count > 0) _ = _end(ended);
    }
}
