using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Portunus.Nodes.Admin;

/// <summary>How the admin listener answers.</summary>
static class Answer
{
    static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Task JsonAsync<T>(HttpContext context, int status, T body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(body, Layout);
    }

    /// <summary>RFC 9457.</summary>
    public static Task ProblemAsync(HttpContext context, int status, string title)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { title, status }, Layout, "application/problem+json");
    }

    /// <summary>405 with Allow for any other method (RFC 9110 §15.5.6).</summary>
    public static Task OnlyAsync(HttpContext context, string method, Func<Task> serve)
    {
        if (context.Request.Method == method) return serve();
        context.Response.Headers.Allow = method;
        return ProblemAsync(context, 405, $"Only {method} is served here.");
    }
}
