using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Portunus.Assessment.Study;

namespace Portunus.Tests.Io.Assessment;

/// <summary>A table of docs/approach2.md that says what goes wrong: each row but the header, by its first cell.</summary>
/// <param name="Heading">Of the first column.</param>
/// <param name="Rows">In their order.</param>
sealed partial record FailureTable(string Heading, IReadOnlyList<string> Rows)
{
    const string Wrong = "what goes wrong (`TROUBLE=`)", OfApproach1 = "what goes wrong with Approach 1";

    public static IReadOnlyList<FailureTable> ReadAll(IReadOnlyList<string> lines)
    {
        var tables = new List<FailureTable>();
        for (var i = 0; i + 1 < lines.Count; i++)
        {
            if (!lines[i].StartsWith('|') || !lines[i + 1].StartsWith("|---", StringComparison.Ordinal)) continue;
            var rows = lines.Skip(i + 2).TakeWhile(line => line.StartsWith('|')).Select(FirstCell);
            tables.Add(new(FirstCell(lines[i]), [.. rows]));
        }

        return tables;
    }

    /// <summary>
    /// Push and integrated have the first table of worlds. Pull has the table of its own, and of the first what is not about pushes,
    /// each world once. One without trouble, or with all of it, is no case.
    /// </summary>
    public static ImmutableArray<string> Of(Way way, IReadOnlyList<FailureTable> tables)
    {
        var worlds = tables.Where(table => table.Heading == Wrong).ToArray();
        return way switch
        {
            { Solution: "A1" } => [.. tables.Single(table => table.Heading == OfApproach1).Rows],
            { Variant: "push" or "integrated" } => [.. worlds[0].Rows.Where(IsTrouble)],
            { Variant: "pull" } =>
            [
                .. worlds.SelectMany(table => table.Rows)
                    .Where(row => IsTrouble(row) && !NameOf(row).StartsWith("Pushes", StringComparison.Ordinal)).DistinctBy(NameOf),
            ],
            _ => [],
        };
    }

    static bool IsTrouble(string row) => NameOf(row) is not ("Calm" or "Everything");

    static string NameOf(string row) => World().Match(row).Groups[1].Value;

    static string FirstCell(string line) => line.Split('|')[1].Trim();

    [GeneratedRegex(@"\(`(\w+)`\)")]
    private static partial Regex World();
}
