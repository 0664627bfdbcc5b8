using System.Globalization;
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

    /// <summary>Serves by the method; 405 with Allow for any other (RFC 9110 §15.5.6).</summary>
    public static Task ByMethodAsync(HttpContext context, Func<Task> get, Func<Task>? delete = null, Func<Task>? post = null)
    {
        if (HttpMethods.IsGet(context.Request.Method)) return get();
        if (delete is not null && HttpMethods.IsDelete(context.Request.Method)) return delete();
        if (post is not null && HttpMethods.IsPost(context.Request.Method)) return post();
        var allowed = string.Join(", ", new[] { "GET", post is null ? null : "POST", delete is null ? null : "DELETE" }.OfType<string>());
        context.Response.Headers.Allow = allowed;
        return ProblemAsync(context, 405, $"Served here: {allowed}.");
    }

    /// <summary>RFC 3339, in UTC.</summary>
    public static string Time(long unixSeconds) =>
        DateTimeOffset.FromUnixTimeSeconds(unixSeconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
