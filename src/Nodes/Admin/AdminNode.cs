using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portunus.Nodes.Web;

namespace Portunus.Nodes.Admin;

/// <summary>The admin listener: health and metrics for machines, registrations and sessions for the operator's bearer.</summary>
public sealed class AdminNode : IAsyncDisposable
{
    const string Session = "/v1/sessions/";
    const string Registration = "/v1/registrations/";

    readonly WebApplication _application;
    readonly AdminSettings _settings;
    readonly AdminGuard _guard;
    readonly Sessions _sessions;
    readonly Registrations _registrations;
    readonly Drain _drain;

    AdminNode(AdminSettings settings, ILoggerFactory logs)
    {
        (_settings, _guard) = (settings, new(settings));
        (_sessions, _registrations, _drain) = (new(settings.Turn), new(settings.Edge), new(settings.Turn));
        _application = WebServer.Build(
            settings.Listen.Find,
            kestrel =>
            {
                foreach (var endPoint in settings.Listen.EndPoints)
                    kestrel.Listen(endPoint, options =>
                    {
                        if (settings.Certificate is { } certificate) WebServer.Tls(options, certificate);
                        else WebServer.Http1(options);
                    });
            },
            logs);
        _application.Run(ServeAsync);
    }

    /// <summary>Starts to serve.</summary>
    /// <param name="settings">Its address is bound.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    public static async Task<AdminNode> StartAsync(AdminSettings settings, ILoggerFactory logs)
    {
        var node = new AdminNode(settings, logs);
        await node._application.StartAsync();
        return node;
    }

    public ValueTask DisposeAsync() => WebServer.StopAsync(_application);

    Task ServeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (!_guard.IsForUs(request)) return Answer.ProblemAsync(context, 421, "This listener has another name.");
        var path = request.Path.Value ?? "";
        var isOpen = path is "/health" or "/ready" or "/metrics" && _guard.IsOpen;
        if (!isOpen && !_guard.HasBearer(request))
        {
            response.Headers.WWWAuthenticate = "Bearer realm=\"portunus\"";
            return Answer.ProblemAsync(context, 401, "A bearer is needed.");
        }

        return path switch
        {
            "/health" => Answer.ByMethodAsync(context, () => HealthAsync(context)),
            "/ready" => Answer.ByMethodAsync(context, () => ReadyAsync(context)),
            "/metrics" => Answer.ByMethodAsync(context, () => MetricsAsync(context)),
            "/v1/sessions" => Answer.ByMethodAsync(context, () => _sessions.ListAsync(context)),
            "/v1/drain" => Answer.ByMethodAsync(
                context,
                () => _drain.ShowAsync(context),
                delete: () => _drain.SetAsync(context, false),
                post: () => _drain.SetAsync(context, true)),
            "/v1/registrations" => Answer.ByMethodAsync(context, () => _registrations.ListAsync(context)),
            _ when path.StartsWith(Session, StringComparison.Ordinal) => Answer.ByMethodAsync(
                context,
                () => _sessions.ShowAsync(context, path[Session.Length..]),
                () => _sessions.EndAsync(context, path[Session.Length..])),
            _ when path.StartsWith(Registration, StringComparison.Ordinal) => Answer.ByMethodAsync(
                context,
                () => _registrations.ShowAsync(context, path[Registration.Length..]),
                () => _registrations.EndAsync(context, path[Registration.Length..])),
            _ => Answer.ProblemAsync(context, 404, "Nothing is here."),
        };
    }

    Task HealthAsync(HttpContext context) => Answer.JsonAsync(context, IsWell ? 200 : 503, new { status = IsWell ? "up" : "down" });

    /// <summary>For balancers: whether new clients should come here.</summary>
    Task ReadyAsync(HttpContext context)
    {
        var status = !IsWell ? "down" : _settings.Turn?.DrainsSince is null ? "ready" : "draining";
        return Answer.JsonAsync(context, status == "ready" ? 200 : 503, new { status });
    }

    /// <summary>A TURN server ends by itself only by a defect; then this process is about to end, too.</summary>
    bool IsWell => _settings.Turn is not { Ended.IsCompleted: true };

    Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(Metrics.Write(_settings));
    }
}
