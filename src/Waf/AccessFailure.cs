using System.Data.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portunus.Store;

namespace Portunus.Waf;

/// <summary>Tells a data base that failed from a defect of ours, and answers for it.</summary>
static class AccessFailure
{
    /// <summary>Runs the rest; answers 503 when the data base cannot be used.</summary>
    public static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && Sentence(e) is { } sentence)
        {
            var logs = context.RequestServices.GetRequiredService<ILoggerFactory>();
            WafLog.StoreFailed(logs.CreateLogger("Portunus.Waf"), sentence);
            context.Response.Clear();
            SecurityHeaders.Set(context);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "5";
        }
    }

    /// <summary>One sentence without values; null when it was something else.</summary>
    static string? Sentence(Exception e) => e switch
    {
        StoreException store => store.Message,
        // OpenIddict's own tables; what such an exception says may hold values.
        DbException or DbUpdateException => "The data base cannot be used.",
        _ => null,
    };
}
