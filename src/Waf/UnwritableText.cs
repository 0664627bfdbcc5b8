using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Portunus.Waf;

/// <summary>
/// Finds U+0000, and forms that cannot be read, in what a stranger says. No name or code has it, and PostgreSQL takes it in no text:
/// let in, it would be an error of the data base, and of the log, for each request.
/// </summary>
static class UnwritableText
{
    const string Basic = "Basic ";

    /// <summary>Answers 400 to a request that has it.</summary>
    /// <returns>False when there is none.</returns>
    public static async Task<bool> RefuseAsync(HttpContext context)
    {
        if (!await IsInAsync(context.Request, context.RequestAborted)) return false;
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            """{"error":"invalid_request","error_description":"A parameter is too long, or one of too many, or has U+0000 in it."}""",
            context.RequestAborted);
        return true;
    }

    static async Task<bool> IsInAsync(HttpRequest request, CancellationToken stop)
    {
        if (request.Query.Any(pair => Has(pair.Key) || pair.Value.Any(Has)) || Has(Credentials(request.Headers.Authorization))) return true;
        if (!request.HasFormContentType) return false;
        try
        {
            return (await request.ReadFormAsync(stop)).Any(pair => Has(pair.Key) || pair.Value.Any(Has));
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException)
        {
            // The framework's own reader stops at U+0000, and at a form with more keys than anybody sends.
            return true;
        }
    }

    /// <summary>Of HTTP Basic, decoded; percent-encoding is within (RFC 6749 §2.3.1).</summary>
    static string? Credentials(string? authorization)
    {
        if (authorization?.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) != true) return null;
        var encoded = authorization.AsSpan(Basic.Length).Trim();
        if (!Base64.IsValid(encoded)) return null;
        return Uri.UnescapeDataString(Encoding.UTF8.GetString(Convert.FromBase64String(encoded.ToString())));
    }

    static bool Has(string? text) => text?.Contains('\0') == true;
}
