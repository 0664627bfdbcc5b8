using System.Text;
using System.Text.Json.Nodes;
using Portunus.Server.Configuration;
using Portunus.Tests.Io.Architecture;

namespace Portunus.Tests.Io.Serve;

/// <summary>Whatever stands in the place of any value of the example with all roles is a mistake with a line, no exception.</summary>
public sealed class BrokenConfigurationTests
{
    static readonly string Example = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "all-roles.json"));

    static readonly System.Text.Json.JsonDocumentOptions Lenient =
        new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true };

    static readonly System.Text.Json.JsonSerializerOptions Layout = new() { WriteIndented = true };

    // What no setting takes.
    static readonly string[] Wrong = ["null", "1.5", "1e400", "{\"a\":{}}", "[[]]", "[{}]", "[null]", "99999999999999999999"];

    // What some take; it must be read without an accident.
    static readonly string[] Odd =
    [
        "\"\"", "\" \"", "\"@\"", "\"@/\"", "\"env:\"", "\"\\u0000\"", "\"\\uD800x\"", "\"x\"", "\"-\"", "\"/\"", "\"a:b:c\"",
        "\"[::1]:0\"", "\"0.0.0.0/0\"", "\"%\"", "\"http://\"", "\"https://a b/\"", "\"sip:\"", "\"\u00e9\u4e2d\"", "-1", "0", "true",
        "[]", "{}", "[\"\"]", "[\"x\",\"x\"]",
    ];

    [Fact]
    public void What_no_setting_takes_is_a_mistake_at_its_line_in_every_place()
    {
        foreach (var (place, text, line) in Mutations(Wrong))
        {
            var file = Read(text);
            Assert.Null(file.Root);
            Assert.True(file.Mistakes.Any(mistake => mistake.Place.Line == line), $"{place} at {line}: {file.Complaint}\n{text}");
        }
    }

    [Fact]
    public void Whatever_stands_in_any_place_is_read_without_an_accident_and_every_mistake_has_a_line_and_a_sentence()
    {
        // Of the odd ones every third in each place, another third in the next.
        foreach (var (place, text, _) in Mutations([.. Odd, $"\"{new string('x', 3000)}\""]).Where((_, i) => i % 3 == 0))
        {
            var file = Read(text);
            Assert.True((file.Root is null) == (file.Mistakes.Count > 0), place);
            var lines = text.Count(c => c == '\n') + 1;
            Assert.All(file.Mistakes, mistake =>
            {
                Assert.InRange(mistake.Place.Line, 1, lines);
                Assert.InRange(mistake.Place.Column, 1, int.MaxValue);
                Assert.NotEqual("", mistake.Sentence);
            });
        }
    }

    [Fact]
    public void Every_name_that_is_misspelt_is_a_mistake_at_its_line_and_the_right_one_is_proposed()
    {
        foreach (var name in Names(JsonNode.Parse(Example, documentOptions: Lenient)!).Where(name => name.Length > 3).Distinct())
        {
            var text = Example.Replace($"\"{name}\":", $"\"{name}x\":", StringComparison.Ordinal);
            var lines = text.Split('\n').Index()
                .Where(line => line.Item.Contains($"\"{name}x\":", StringComparison.Ordinal)).Select(line => line.Index + 1);
            var said = Read(text).Mistakes
                .Where(mistake => mistake.Sentence.Contains("no setting has this name", StringComparison.Ordinal)).ToArray();
            Assert.All(lines, line => Assert.Contains(said, mistake => mistake.Place.Line == line));
            Assert.All(said, mistake => Assert.Contains($"did you mean \"{name}\"?", mistake.Sentence, StringComparison.Ordinal));
        }
    }

    static ConfigurationFile Read(string text) => ConfigurationFile.Parse("f", Encoding.UTF8.GetBytes(text), "/nonexistent", _ => { });

    /// <summary>The example with one value in one place replaced, and the line of that value.</summary>
    static IEnumerable<(string Place, string Text, int Line)> Mutations(IEnumerable<string> values)
    {
        const string Mark = "\"@@here@@\"";
        foreach (var path in Paths(JsonNode.Parse(Example, documentOptions: Lenient)!, []).ToArray())
        {
            var root = JsonNode.Parse(Example, documentOptions: Lenient)!;
            var parent = path.SkipLast(1).Aggregate(root, (node, step) => step is int index ? node[index]! : node[(string)step]!);
            if (path[^1] is int last) parent[last] = JsonNode.Parse(Mark);
            else parent[(string)path[^1]] = JsonNode.Parse(Mark);
            var text = root.ToJsonString(Layout);
            var line = text[..text.IndexOf(Mark, StringComparison.Ordinal)].Count(c => c == '\n') + 1;
            foreach (var value in values)
            {
                var place = $"{string.Join('.', path)} = {value[..Math.Min(value.Length, 40)]}";
                yield return (place, text.Replace(Mark, value, StringComparison.Ordinal), line);
            }
        }
    }

    static IEnumerable<object[]> Paths(JsonNode node, object[] here)
    {
        if (here.Length > 0) yield return here;
        IEnumerable<(object Step, JsonNode? Node)> inner = node switch
        {
            JsonObject section => section.Select(member => ((object)member.Key, member.Value)),
            JsonArray list => list.Select((one, i) => ((object)i, one)),
            _ => [],
        };
        foreach (var (step, one) in inner)
            foreach (var path in Paths(one!, [.. here, step]))
                yield return path;
    }

    static IEnumerable<string> Names(JsonNode node) => node switch
    {
        JsonObject section => section.SelectMany(member => Names(member.Value!).Prepend(member.Key)),
        JsonArray list => list.SelectMany(one => Names(one!)),
        _ => [],
    };
}
