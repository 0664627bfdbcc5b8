using System.Net;
using System.Net.Security;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portunus.Nodes.Waf;
using Portunus.Nodes.Web;

namespace Portunus.Nodes.Enrol;

/// <summary>
/// The listener where nodes enrol: <c>POST /enrol</c> with name, secret and certificate request; the answer is a certificate.
/// </summary>
public sealed class EnrolNode : IAsyncDisposable
{
    public const string Path = "/enrol";

    /// <summary>Wrong codes a minute, of everybody together: then nobody's is looked at until it ends.</summary>
    public const int WrongAMinute = 30;

    readonly WebApplication _application;

    EnrolNode(WebApplication application, IPEndPoint address) => (_application, Address) = (application, address);

    /// <summary>With its real port.</summary>
    public IPEndPoint Address { get; }

    /// <param name="listen">Port 0 takes a free one.</param>
    /// <param name="authority">Stays with the caller.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    /// <param name="time">For the throttle.</param>
    /// <exception cref="RefusedException">The port is taken.</exception>
    public static async Task<EnrolNode> StartAsync(
        IPEndPoint listen, OperatorAuthority authority, ILoggerFactory logs, TimeProvider time)
    {
        var listeners = TcpListeners.Bind([listen], "--listen");
        var context = SslStreamCertificateContext.Create(authority.Listener, additionalCertificates: null, offline: true);
        var application = WebServer.Build(
            listeners.Find,
            kestrel =>
            {
                HttpLimits.Set(kestrel);
                kestrel.Listen(listeners.EndPoints[0], options => ServerTls.Use(options, () => context));
            },
            logs);
        var requests = new Requests(authority, time, logs.CreateLogger("Portunus.Enrol"));
        application.Run(requests.ServeAsync);
        await application.StartAsync();
        return new(application, listeners.EndPoints[0]);
    }

    public ValueTask DisposeAsync() => WebServer.StopAsync(_application);

    sealed class Requests(OperatorAuthority authority, TimeProvider time, ILogger log)
    {
        readonly Lock _gate = new();
        long _minute;
        int _wrong;

        public async Task ServeAsync(HttpContext context)
        {
            context.Response.Headers.CacheControl = "no-store";
            if (context.Request.Path != Path || !HttpMethods.IsPost(context.Request.Method))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            if (await ReadAsync(context) is not { Name: { } name, Secret: { } secret, Request: { } request })
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }

            var (status, certificate) = Judge(name, secret, request);
            context.Response.StatusCode = status;
            if (status == StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = "60";
            if (status == StatusCodes.Status403Forbidden) EnrolLog.Refused(log, context.Connection.RemoteIpAddress);
            if (certificate is null) return;
            EnrolLog.Certified(log, name);
            context.Response.ContentType = "application/json";
            await JsonSerializer.SerializeAsync(
                context.Response.Body, new(certificate, authority.CertificatePem), EnrolJson.Default.EnrolAnswer,
                context.RequestAborted);
        }

        /// <summary>One at a time: two who show one code at once are told apart by the file alone.</summary>
        (int Status, string? Certificate) Judge(string name, string secret, string request)
        {
            lock (_gate)
            {
                var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
                if (minute != _minute) (_minute, _wrong) = (minute, 0);
                if (_wrong >= WrongAMinute) return (StatusCodes.Status429TooManyRequests, null);
                // Before the code is used up: a request that cannot be signed costs none.
                if (!EnrolmentCode.IsName(name) || authority.Certify(name, request) is not { } certificate)
                    return (StatusCodes.Status400BadRequest, null);
                if (authority.Invitations.TryTake(secret, name)) return (StatusCodes.Status200OK, certificate);
                _wrong++;
                return (StatusCodes.Status403Forbidden, null);
            }
        }

        static async Task<EnrolRequest?> ReadAsync(HttpContext context)
        {
            try
            {
                return await JsonSerializer.DeserializeAsync(
                    context.Request.Body, EnrolJson.Default.EnrolRequest, context.RequestAborted);
            }
            catch (Exception e) when (e is JsonException or BadHttpRequestException)
            {
                return null;
            }
        }
    }
}
