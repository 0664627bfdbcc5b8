using System.Collections.Immutable;
using Portunus.Assessment.Complexity;
using Portunus.Assessment.Study;
using Portunus.Tests.Io.Architecture;

namespace Portunus.Tests.Io.Assessment;

/// <summary>Counts what <c>code-size.json</c> holds, in the sources and in docs/approach2.md.</summary>
static class SourceCount
{
    public static string Table { get; } = Path.Combine(Repository.Root, "src", "Assessment", "Complexity", "code-size.json");

    public static IReadOnlyList<CodeSize> Fresh()
    {
        var failures = FailureTable.ReadAll(File.ReadAllLines(Path.Combine(Repository.Root, "docs", "approach2.md")));
        return
        [
            .. Machinery.All.Select(machinery => new CodeSize(
                machinery.Way.Solution, machinery.Way.Variant,
                Counted(machinery.Way, machinery.Files), FailureTable.Of(machinery.Way, failures))
            {
                Client = Counted(machinery.Way, machinery.Client),
            }),
        ];
    }

    /// <summary>Neither empty nor comment.</summary>
    public static int CodeLines(IEnumerable<string> lines) =>
        lines.Select(line => line.Trim()).Count(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal));

    static int LinesOf(string file) => CodeLines(File.ReadLines(file));

    static ImmutableSortedDictionary<string, int> Counted(Way way, IEnumerable<string> patterns) => patterns.SelectMany(pattern =>
    {
        var folder = Path.Combine(Repository.Root, Path.GetDirectoryName(pattern)!);
        var files = Directory.GetFiles(folder, Path.GetFileName(pattern));
        Assert.True(files.Length > 0, $"{way} names {pattern}, and there is none.");
        return files;
    }).Distinct().ToImmutableSortedDictionary(Repository.Relative, LinesOf, StringComparer.Ordinal);
}
