using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report;

/// <summary>Writes and reads <c>assessment.json</c>.</summary>
public static class AssessmentJson
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Write(AssessmentResult result) => JsonSerializer.Serialize(result, Options);

    /// <exception cref="JsonException">It is none.</exception>
    public static AssessmentResult Read(string json) =>
        JsonSerializer.Deserialize<AssessmentResult>(json, Options) ?? throw new JsonException("The file holds null.");
}
