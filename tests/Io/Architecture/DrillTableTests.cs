using System.Text.RegularExpressions;

namespace Portunus.Tests.Io.Architecture;

/// <summary>docs/study.md names the tests that show its drills.</summary>
public sealed partial class DrillTableTests
{
    [Fact]
    public void Every_test_that_the_study_names_is_there_and_every_drill_has_one()
    {
        var sources = string.Concat(Repository.Files("tests", "*.cs").Select(File.ReadAllText));
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "study.md")));
        Assert.Equal(
            Enumerable.Range(1, 22),
            rows.Select(row => int.Parse(row.Groups[1].ValueSpan)).Distinct());
        foreach (Match row in rows)
            Assert.Matches($@"public (async )?(void|Task) {row.Groups[2].Value}\(", sources);
    }

    [GeneratedRegex(@"^\| (\d+) \|.*\| `(\w+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
