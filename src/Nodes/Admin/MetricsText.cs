using System.Globalization;
using System.Text;

namespace Portunus.Nodes.Admin;

/// <summary>The text format of Prometheus, version 0.0.4.</summary>
sealed class MetricsText
{
    readonly StringBuilder _text = new();

    public void Gauge(string name, string help, long value)
    {
        Begin(name, help, "gauge");
        Row(name, "", value);
    }

    public void Counter(string name, string help, long value)
    {
        Begin($"{name}_total", help, "counter");
        Row($"{name}_total", "", value);
    }

    /// <param name="name">Without "_total".</param>
    /// <param name="help">One sentence.</param>
    /// <param name="label">What tells the rows apart.</param>
    /// <param name="rows">Values of ours: letters, digits and underlines.</param>
    public void Counter(string name, string help, string label, IEnumerable<(string Label, long Value)> rows)
    {
        Begin($"{name}_total", help, "counter");
        foreach (var (value, count) in rows) Row($"{name}_total", $"{{{label}=\"{value}\"}}", count);
    }

    /// <summary>The name of an enumeration's value with underlines: <c>no_allocation</c>.</summary>
    public static string Label<T>(T value) where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public override string ToString() => _text.ToString();

    void Begin(string name, string help, string type) => _text.Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");

    void Row(string name, string labels, long value) =>
        _text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {value}\n");
}
