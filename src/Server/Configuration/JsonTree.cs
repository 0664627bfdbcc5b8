using System.Text;
using System.Text.Json;

namespace Portunus.Server.Configuration;

/// <summary>Reads JSON, with comments and trailing commas, into items that know their places.</summary>
static class JsonTree
{
    // Deeper than any section, and far from the end of a stack.
    const int Depth = 16;

    /// <param name="file">The whole file, UTF-8.</param>
    /// <exception cref="JsonException">It is not JSON; carries line and position, both from 0.</exception>
    public static Item Read(ReadOnlySpan<byte> file)
    {
        // A byte order mark is an editor's, not the operator's.
        if (file.StartsWith("\uFEFF"u8)) file = file[3..];
        var reader = new Utf8JsonReader(file, new JsonReaderOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = Depth,
        });
        reader.Read();
        var root = ReadItem(ref reader, file);
        reader.Read();
        return root;
    }

    static Item ReadItem(ref Utf8JsonReader reader, ReadOnlySpan<byte> file)
    {
        var at = PlaceOf(file, (int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, file, at);
            case JsonTokenType.StartArray:
                var items = new List<Item>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(ReadItem(ref reader, file));
                return new Item.List(at, items);
            case JsonTokenType.String:
                return new Item.Text(at, Text(ref reader, at));
            case JsonTokenType.Number:
                return new Item.Number(at, reader.TryGetInt32(out var number) ? number : null);
            case JsonTokenType.True or JsonTokenType.False:
                return new Item.Truth(at, reader.TokenType == JsonTokenType.True);
            default:
                return new Item.Nothing(at);
        }
    }

    static Item.Object ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> file, Place at)
    {
        var members = new List<(string, Place, Item)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var nameAt = PlaceOf(file, (int)reader.TokenStartIndex);
            var name = Text(ref reader, nameAt);
            reader.Read();
            members.Add((name, nameAt, ReadItem(ref reader, file)));
        }

        return new(at, members);
    }

    /// <summary>The reader looks at the characters of a text only when they are asked for.</summary>
    static string Text(ref Utf8JsonReader reader, Place at)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("the text is not UTF-8", null, at.Line - 1, at.Column - 1, e);
        }
    }

    static Place PlaceOf(ReadOnlySpan<byte> file, int index)
    {
        var before = file[..index];
        var line = before.LastIndexOf((byte)'\n') + 1;
        return new(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[line..]) + 1);
    }
}
