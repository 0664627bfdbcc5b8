using System.Collections.Immutable;
using System.Text.Json;

namespace Portunus.Assessment.Complexity;

/// <summary>
/// What was counted in the sources and in the documentation, which are not there where the program runs: <c>code-size.json</c> goes
/// with it, and a test sees that it is what a fresh count gives.
/// </summary>
/// <param name="Solution">As the study names it.</param>
/// <param name="Variant">A dash where there is one only.</param>
/// <param name="Files">Lines that are neither empty nor comment, by file.</param>
/// <param name="Failures">What can go wrong, each as docs/approach2.md names it.</param>
sealed record CodeSize(
    string Solution, string Variant, ImmutableSortedDictionary<string, int> Files, ImmutableArray<string> Failures)
{
    /// <summary>As <see cref="Files"/>, of the native client.</summary>
    public ImmutableSortedDictionary<string, int> Client { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n",
    };

    public int Lines => Files.Values.Sum();

    /// <summary>As it was counted when this program was built.</summary>
    public static IReadOnlyList<CodeSize> Counted { get; } = Read();

    public static string Write(IEnumerable<CodeSize> sizes) =>
        JsonSerializer.Serialize(
            sizes.Select(size => new Row(size.Solution, size.Variant, size.Files, size.Client, size.Failures)), Options) + "\n";

    static CodeSize[] Read()
    {
        using var table = typeof(CodeSize).Assembly.GetManifestResourceStream("code-size.json")!;
        var rows = JsonSerializer.Deserialize<Row[]>(table, Options)!;
        return [.. rows.Select(row => new CodeSize(row.Solution, row.Variant, row.Files, row.Failures) { Client = row.Client })];
    }

    sealed record Row(
        string Solution, string Variant, ImmutableSortedDictionary<string, int> Files, ImmutableSortedDictionary<string, int> Client,
        ImmutableArray<string> Failures);
}
