using System.Globalization;
using System.Text;

namespace Portunus.Nodes.Admin;

/// <summary>The text format of Prometheus, version 0.0.4: families one after the other, each introduced once.</summary>
sealed class MetricsText
{
    readonly StringBuilder _text = new();

    /// <summary>Labels of a sample as they stand in it.</summary>
    public static string Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in labels)
        {
            if (text.Length > 1) text.Append(',');
            text.Append(name).Append("=\"").Append(Escaped(value).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        return text.Append('}').ToString();
    }

    /// <summary>The name of an enumeration's value with underlines: <c>no_allocation</c>.</summary>
    public static string Label<T>(T value) where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public void Gauge(string name, string help, double value) => Gauge(name, help, [("", value)]);

    public void Gauge(string name, string help, IEnumerable<(string Labels, double Value)> samples) =>
        Family(name, help, "gauge", samples);

    /// <param name="name">Ends with the unit and "_total"; other servers' names are as they are.</param>
    /// <param name="help">One sentence.</param>
    /// <param name="value">Grows only.</param>
    public void Counter(string name, string help, double value) => Counter(name, help, [("", value)]);

    public void Counter(string name, string help, IEnumerable<(string Labels, double Value)> samples) =>
        Family(name, help, "counter", samples);

    public override string ToString() => _text.ToString();

    void Family(string name, string help, string type, IEnumerable<(string Labels, double Value)> samples)
    {
        _text.Append($"# HELP {name} {Escaped(help)}\n# TYPE {name} {type}\n");
        foreach (var (labels, value) in samples) _text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {value}\n");
    }

    static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
