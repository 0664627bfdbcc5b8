using System.Globalization;
using System.Text.RegularExpressions;

namespace Portunus.Tests.Io.Serve;

/// <summary>
/// The text format of Prometheus, version 0.0.4, read as strictly as its page says: each family introduced once by HELP and TYPE, its
/// samples right behind it, no series twice, labels escaped, the last line ended. Whatever breaks a rule fails the test.
/// </summary>
sealed partial class Exposition
{
    readonly Dictionary<string, double> _samples = [];

    Exposition()
    {
    }

    public Dictionary<string, string> Types { get; } = [];

    /// <summary>The value of a series, as <c>name{label="value"}</c>; 0 when there is none.</summary>
    public double this[string series] => _samples.GetValueOrDefault(series);

    public IEnumerable<string> Series => _samples.Keys;

    public static Exposition Read(string text)
    {
        var read = new Exposition();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        string? family = null, help = null;
        foreach (var line in text[..^1].Split('\n'))
        {
            if (Help().Match(line) is { Success: true } introduced)
            {
                Assert.Null(help);
                help = introduced.Groups["name"].Value;
                Assert.NotEqual("", introduced.Groups["text"].Value);
            }
            else if (Type().Match(line) is { Success: true } typed)
            {
                family = typed.Groups["name"].Value;
                Assert.Equal(help, family);
                help = null;
                Assert.True(read.Types.TryAdd(family, typed.Groups["type"].Value), $"{family} is introduced twice.");
            }
            else
            {
                var sample = Sample().Match(line);
                Assert.True(sample.Success, $"This is no line of the format: {line}");
                Assert.Null(help);
                Assert.Equal(family, sample.Groups["name"].Value);
                read.Take(family!, sample);
            }
        }

        Assert.Null(help);
        return read;
    }

    void Take(string family, Match sample)
    {
        var names = sample.Groups["label"].Captures.Select(label => label.Value).ToArray();
        Assert.Equal(names.Distinct(), names);
        Assert.DoesNotContain(names, name => name.StartsWith("__", StringComparison.Ordinal));
        var value = double.Parse(sample.Groups["value"].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (Types[family] == "counter") Assert.InRange(value, 0, double.MaxValue);
        Assert.True(_samples.TryAdd(sample.Groups["series"].Value, value), $"{sample.Groups["series"].Value} is there twice.");
    }

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>([^\\]|\\\\|\\n)+)$")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram|summary|untyped)$")]
    private static partial Regex Type();

    const string Name = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    const string Label = @"(?<label>[a-zA-Z_][a-zA-Z0-9_]*)=""([^\\""]|\\\\|\\""|\\n)*""";

    [GeneratedRegex(@"^(?<series>(?<name>" + Name + @")(\{" + Label + "(," + Label + @")*\})?) (?<value>[0-9.eE+-]+)$")]
    private static partial Regex Sample();
}
