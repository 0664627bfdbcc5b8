using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes.Tls;

namespace Portunus.Nodes.Transfer;

/// <summary>
/// The edge's side of pull (Approach 2): TURN servers of the operator, known by their certificates, ask for the credential of a
/// username. docs/openapi.yaml describes it.
/// </summary>
public sealed class FetchListener : IAsyncDisposable
{
    readonly WebApplication _application;
    readonly TlsIdentity _identity;

    FetchListener(WebApplication application, TlsIdentity identity)
    {
        (_application, _identity) = (application, identity);
        Address = OperatorHttp.AddressOf(application);
    }

    /// <summary>Where it listens, with the port that the system gave.</summary>
    public IPEndPoint Address { get; }

    /// <summary>What is served: method and path, as docs/openapi.yaml names them.</summary>
    internal IEnumerable<(string Method, string Path)> Served => OperatorHttp.ServedBy(_application);

    /// <summary>Starts to serve.</summary>
    /// <param name="settings">Validated here.</param>
    /// <param name="transfer">Has the credentials, and remembers who fetched one; stays with the caller.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    /// <exception cref="RefusedException">A setting or a file cannot be used, or the address cannot be had.</exception>
    public static async Task<FetchListener> StartAsync(
        FetchListenerSettings settings, TransferNode transfer, ILoggerFactory logs)
    {
        List<string> mistakes = [.. settings.Mistakes()];
        foreach (var (name, server) in settings.Readers)
            if (transfer.RealmOf(server) is null)
                mistakes.Add($"'{name}' may ask as '{server}', which is no TURN server that this edge tells of withdrawals.");
        if (mistakes.Count > 0) throw new RefusedException(string.Join(' ', mistakes));
        var identity = TlsIdentity.Load(settings.Tls);
        try
        {
            var requests = new Requests(settings, transfer, logs.CreateLogger("Portunus.Credentials"));
            return new(
                await OperatorHttp.ServeAsync(settings.Listen, settings.ListenFlag, identity, logs, requests.MapTo), identity);
        }
        catch (RefusedException)
        {
            identity.Dispose();
            throw;
        }
    }

    /// <summary>Stops to serve; what is under way has two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await OperatorHttp.StopAsync(_application);
        _identity.Dispose();
    }

    /// <summary>What is asked, who may, and what the edge knows.</summary>
    sealed class Requests(FetchListenerSettings settings, TransferNode transfer, ILogger log)
    {
        readonly CertifiedNames _names = new(settings.Readers.Keys);

        readonly FrozenDictionary<string, string> _servers = settings.Readers.ToFrozenDictionary(
            reader => reader.Key.ToLowerInvariant(), reader => reader.Value);

        public void MapTo(WebApplication application)
        {
            application.Use(GuardAsync);
            application.UseRouting();
            application.MapMethods("/v1/realms/{realm}/credentials/{username}", ["GET"], GetAsync);
        }

        async Task GuardAsync(HttpContext context, RequestDelegate next)
        {
            context.Response.Headers.CacheControl = "no-store";
            if (_names.Of(context) is not { } name)
            {
                TransferLog.Refused(log, context.Connection.RemoteIpAddress, "its certificate names no server that may ask");
                await Problem.WriteAsync(
                    context, StatusCodes.Status403Forbidden, "The certificate names no TURN server that may ask.");
                return;
            }

            context.Items[nameof(Requests)] = _servers[name];
            await next(context);
            // A path or a method that is not served (404, 405).
            if (context.Response is { HasStarted: false, StatusCode: >= 400 and var status })
                await Problem.WriteAsync(context, status);
        }

        async Task GetAsync(HttpContext context)
        {
            var server = (string)context.Items[nameof(Requests)]!;
            var realm = (string)context.GetRouteValue("realm")!;
            var username = (string)context.GetRouteValue("username")!;
            if (!PushedName.Is(username))
                await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, "The username is none.");
            else if (realm != transfer.RealmOf(server))
                await Problem.WriteAsync(context, StatusCodes.Status403Forbidden, "This TURN server has another realm.");
            else
                await AnswerAsync(context, await transfer.FetchAsync(server, realm, username));
        }

        static Task AnswerAsync(HttpContext context, FetchAnswer answer) => answer switch
        {
            FetchAnswer.Told { Credential: var credential } => context.Response.WriteAsJsonAsync(
                TransferJson.WriteUnnamed(credential), TransferJson.Options, "application/json", context.RequestAborted),
            FetchAnswer.Later => Problem.WriteAsync(
                context, StatusCodes.Status503ServiceUnavailable, "A whole set is on its way to this server; ask again."),
            _ => Problem.WriteAsync(context, StatusCodes.Status404NotFound, "This edge has no such credential."),
        };
    }
}
