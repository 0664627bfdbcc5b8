using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portunus.Assessment.Report;

/// <summary>Samples on one line: a run has hundreds of thousands, and a line for each is for nobody.</summary>
sealed class SamplesConverter : JsonConverter<ImmutableArray<double>>
{
    public override ImmutableArray<double> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("An array of samples begins with [.");
        var samples = ImmutableArray.CreateBuilder<double>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            samples.Add(reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : throw new JsonException("A sample is a number."));
        return samples.DrainToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableArray<double> value, JsonSerializerOptions options) => writer.WriteRawValue(
        $"[{string.Join(",", (value.IsDefault ? [] : value).Select(sample => sample.ToString("R", CultureInfo.InvariantCulture)))}]");
}
