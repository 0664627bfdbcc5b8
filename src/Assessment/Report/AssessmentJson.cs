using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report;

/// <summary>Writes and reads <c>assessment.json</c>; its schema is docs/assessment.schema.json.</summary>
public static class AssessmentJson
{
    internal static JsonSerializerOptions Options { get; } = Make();

    /// <summary>Numbers are rounded as <see cref="Rounding"/> says; rounded ones come out as they went in.</summary>
    public static string Write(AssessmentResult result) => JsonSerializer.Serialize(Rounding.Of(result), Options) + "\n";

    /// <exception cref="JsonException">It is none.</exception>
    public static AssessmentResult Read(string json) =>
        JsonSerializer.Deserialize<AssessmentResult>(json, Options) ?? throw new JsonException("The file holds null.");

    static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
            RespectNullableAnnotations = true,
            Converters = { new JsonStringEnumConverter(), new SamplesConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
