using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Portunus.Nodes.Transfer;

/// <summary>An error as RFC 9457 has it; never repeats a value of the request.</summary>
static class Problem
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <param name="context">Of the request.</param>
    /// <param name="status">An HTTP status.</param>
    /// <param name="detail">One sentence.</param>
    /// <param name="sequence">What stands against the statement.</param>
    /// <param name="epoch">Of the server, where another was meant.</param>
    public static Task WriteAsync(
        HttpContext context, int status, string? detail = null, ulong? sequence = null, ulong? epoch = null)
    {
        context.Response.StatusCode = status;
        var body = new { Title = ReasonPhrases.GetReasonPhrase(status), Status = status, Detail = detail, sequence, epoch };
        return context.Response.WriteAsJsonAsync(body, Options, "application/problem+json", context.RequestAborted);
    }
}
