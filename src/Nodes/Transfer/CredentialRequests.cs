using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portunus.Turn;

namespace Portunus.Nodes.Transfer;

/// <summary>The requests of the interface for credentials: what is asked, who may, and the table's verdict in HTTP.</summary>
sealed partial class CredentialRequests(
    IReadOnlyList<CredentialTable> tables, Writers writers,
    Func<ImmutableArray<Subject>, TimeSpan, Task<bool>>? revoke, ILogger log)
{
    /// <summary>Bytes of one statement: its largest part are 64 ranges of peers.</summary>
    public const int LargestStatement = 16 * 1024;

    /// <summary>Bytes of a whole set: 100,000 credentials without limits are 25 MB.</summary>
    const int LargestSet = 64 * 1024 * 1024;

    /// <summary>Sets that are read at a time; others wait.</summary>
    readonly SemaphoreSlim _sets = new(2);

    public void MapTo(WebApplication application)
    {
        application.Use(GuardAsync);
        application.UseRouting();
        application.MapMethods("/v1/epoch", ["GET"], GetEpochAsync);
        application.MapMethods("/v1/realms/{realm}/credentials/{username}", ["PUT"], PutAsync);
        application.MapMethods("/v1/realms/{realm}/credentials/{username}", ["DELETE"], DeleteAsync);
        application.MapMethods("/v1/realms/{realm}/credentials:sync", ["POST"], SyncAsync);
        if (revoke is not null) application.MapMethods("/v1/realms/{realm}/revocations/{id}", ["PUT"], RevokeAsync);
    }

    /// <summary>Nothing is served to whom nothing is written for; what goes wrong on the way is said as a problem.</summary>
    async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (writers.NameOf(context) is not { } name)
        {
            TransferLog.Refused(log, context.Connection.RemoteIpAddress, "its certificate names nobody who may write");
            await Problem.WriteAsync(context, StatusCodes.Status403Forbidden, "The certificate names nobody who may write.");
            return;
        }

        context.Items[nameof(Writers)] = name;
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await Problem.WriteAsync(context, e.StatusCode);
            return;
        }

        // A path or a method that is not served (404, 405).
        if (context.Response is { HasStarted: false, StatusCode: >= 400 and var status })
            await Problem.WriteAsync(context, status);
    }

    Task GetEpochAsync(HttpContext context) => WriteAsync(
        context, StatusCodes.Status200OK,
        new TransferJson.Epoch { Value = EpochTable(context).Pushed.EpochOf(EdgeOf(context)) });

    /// <summary>What is ended is ended when the answer goes out.</summary>
    static Task EndAsync(CredentialTable table, List<string> ended) => ended.Count == 0 ? Task.CompletedTask : table.End(ended);

    static Task RefuseAsync(HttpContext context, CredentialTable table, PushVerdict verdict) => verdict.Result switch
    {
        PushResult.Older => Problem.WriteAsync(
            context, StatusCodes.Status409Conflict, "Something newer was said.", sequence: verdict.Sequence),
        PushResult.Expired => Problem.WriteAsync(
            context, StatusCodes.Status409Conflict, "It has run out by this server's clock."),
        PushResult.TooLong => Problem.WriteAsync(
            context, StatusCodes.Status400BadRequest, "expires lies further ahead than a credential may live here."),
        PushResult.WrongEpoch => Problem.WriteAsync(
            context, StatusCodes.Status412PreconditionFailed, "This is another epoch now; state the whole set.",
            epoch: table.Pushed.EpochOf(EdgeOf(context))),
        PushResult.Forbidden => Problem.WriteAsync(
            context, StatusCodes.Status403Forbidden, "A username belongs to the edge that made it."),
        PushResult.Full => Problem.WriteAsync(
            context, StatusCodes.Status507InsufficientStorage, "The edge has as many credentials as it may have."),
        _ => throw new InvalidOperationException($"{verdict.Result} is no refusal."),
    };

    static string EdgeOf(HttpContext context) => (string)context.Items[nameof(Writers)]!;

    /// <summary>If-Match names the epoch that a statement is for (RFC 9110 §13.1.1); false when it is no epoch.</summary>
    static bool TryReadEpoch(HttpContext context, out ulong? epoch)
    {
        epoch = null;
        var text = context.Request.Headers.IfMatch.ToString();
        if (text is "" or "*") return true;
        if (text is not ['"', .. var number, '"']) return false;
        if (!ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var meant)) return false;
        epoch = meant;
        return true;
    }

    static Task WriteAsync<T>(HttpContext context, int status, T body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(body, TransferJson.Options, "application/json", context.RequestAborted);
    }
}
