using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portunus.Server.Configuration;

/// <summary>The JSON schema (draft 2020-12) of the configuration, made of the same annotations that it is read by.</summary>
static class Schema
{
    static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write()
    {
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "portunus.json",
        };
        Describe(root, typeof(PortunusFile));
        return root.ToJsonString(Layout) + "\n";
    }

    static void Describe(JsonObject schema, Type section)
    {
        schema["description"] = section.GetCustomAttribute<SaysAttribute>()!.Sentence;
        schema["type"] = "object";
        schema["additionalProperties"] = false;
        var example = Activator.CreateInstance(section)!;
        var settings = Setting.Of(section);
        var required = settings.Where(setting => setting.IsRequired).Select(setting => (JsonNode)setting.Name).ToArray();
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        var properties = new JsonObject();
        foreach (var setting in settings) properties[setting.Name] = Property(setting, example);
        schema["properties"] = properties;
    }

    static JsonObject Property(Setting setting, object section)
    {
        var schema = new JsonObject();
        var one = setting.IsList ? [] : schema;
        if (setting.IsSection) Describe(one, setting.Type);
        else Value(setting, one);
        schema["description"] = setting.Says;
        if (setting.IsList)
        {
            schema["type"] = "array";
            schema["items"] = one;
        }

        if (!setting.IsRequired && !setting.IsSection && setting.Get(section) is { } fallback) schema["default"] = Default(fallback);
        return schema;
    }

    static void Value(Setting setting, JsonObject schema)
    {
        schema["type"] = setting.Type == typeof(int) ? "integer" : setting.Type == typeof(bool) ? "boolean" : "string";
        if (setting.OneOf is { } oneOf) schema["enum"] = new JsonArray([.. oneOf.Words.Select(word => (JsonNode)word)]);
        if (setting.Between is { } between) (schema["minimum"], schema["maximum"]) = (between.Least, between.Most);
        if (setting.Form is { } form) schema["examples"] = new JsonArray(form.Example);
    }

    static JsonNode Default(object value) => value switch
    {
        string text => text,
        int number => number,
        bool truth => truth,
        System.Collections.IEnumerable list => new JsonArray([.. list.Cast<object>().Select(Default)]),
        _ => value.ToString()!,
    };
}
