using System.Net;
using System.Text.Json;

namespace Portunus.Nodes.Wic;

/// <summary>What a WAF or a site answered.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Body">As text; may hold secrets.</param>
/// <param name="Location">Where a redirect leads; null for none.</param>
sealed record AccessAnswer(HttpStatusCode Status, string Body, Uri? Location)
{
    // What a server says of a refusal is shown, but not at any length.
    const int MostShown = 300;

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The body as a JSON object; an empty one when it is none.</summary>
    public JsonElement Json
    {
        get
        {
            try
            {
                using var json = JsonDocument.Parse(Body);
                if (json.RootElement.ValueKind == JsonValueKind.Object) return json.RootElement.Clone();
            }
            catch (JsonException)
            {
                // As below.
            }

            using var none = JsonDocument.Parse("{}");
            return none.RootElement.Clone();
        }
    }

    /// <summary>Why it is a refusal (RFC 6749 §5.2), as a server may say it: no control character, and not endless.</summary>
    public string Reason
    {
        get
        {
            var json = Json;
            var said = string.Join(": ", new[] { json.Text("error"), json.Text("error_description") }.Where(s => s is not null));
            return said.Length == 0 ? $"status {(int)Status}" : Shown(said);
        }
    }

    public static string Shown(string text)
    {
        var clean = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim().TrimEnd('.');
        return clean.Length <= MostShown ? clean : clean[..MostShown] + "...";
    }

    /// <summary>Without the body.</summary>
    public override string ToString() => $"{(int)Status}";
}

/// <summary>Members of an answer that may be of any kind.</summary>
static class AccessJson
{
    // A lifetime that is longer is as good as this: within what timers take.
    const double MostSeconds = 7 * 86_400;

    public static string? Text(this in JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static TimeSpan? Seconds(this in JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, MostSeconds))
            : null;
}
