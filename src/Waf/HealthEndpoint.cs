using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portunus.Store.Access;

namespace Portunus.Waf;

/// <summary><c>GET /health</c>: 200 when the data base answers, 503 when it does not; says nothing else.</summary>
static class HealthEndpoint
{
    public static async Task ServeAsync(HttpContext context)
    {
        // A read that is as cheap as any; a data base that fails is the guard's to answer.
        var store = context.RequestServices.GetRequiredService<AccessStore>();
        await store.NewestGenerationAsync("health", context.RequestAborted);
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync("ok\n", context.RequestAborted);
    }
}
