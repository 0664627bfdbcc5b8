using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report;

/// <summary>
/// The schema of <c>assessment.json</c> (JSON Schema 2020-12), made of the records of a result and of what is written above them.
/// A reader of a file may meet members that an older schema has not.
/// </summary>
public static class AssessmentSchema
{
    /// <summary>Without descriptions where the documentation does not lie beside the assembly.</summary>
    public static string Write()
    {
        var words = DocComments.Beside(typeof(AssessmentResult).Assembly);
        var schema = AssessmentJson.Options.GetJsonSchemaAsNode(typeof(AssessmentResult), new()
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Transform(context, node, words),
        }).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "assessment.json of portunus assess");
        return schema.ToJsonString(AssessmentJson.Options) + "\n";
    }

    static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node, DocComments words)
    {
        // The exporter cannot know what a converter of our own writes.
        if (context.TypeInfo.Type == typeof(ImmutableArray<double>))
            node = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "number" } };
        if (node is not JsonObject schema) return node;
        if (context.TypeInfo.Type == typeof(AssessmentResult) || context.TypeInfo.Type.Namespace == typeof(AssessmentResult).Namespace)
            RequireWhatIsWritten(context, schema);
        var description = context.PropertyInfo is { } property
            ? words.Of(property.AttributeProvider as MemberInfo)
            : words.Of(context.TypeInfo.Type);
        if (description is not null && !schema.ContainsKey("description")) schema.Insert(0, "description", description);
        return schema;
    }

    /// <summary>Every member is written, also those that a reader may leave out.</summary>
    static void RequireWhatIsWritten(JsonSchemaExporterContext context, JsonObject schema)
    {
        if (schema["properties"] is not JsonObject properties || context.TypeInfo.Kind != JsonTypeInfoKind.Object) return;
        schema["required"] = new JsonArray([.. properties.Select(property => JsonValue.Create(property.Key))]);
    }
}
