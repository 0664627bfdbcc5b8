using Portunus.Tests.Io.Architecture;

namespace Portunus.Tests.Conformance.Suite;

/// <summary>docs/conformance.md is what the suite saw.</summary>
public sealed class PageTests
{
    const string Write = "WRITE_CONFORMANCE";

    [Fact]
    public void The_page_says_what_came_of_every_check_at_our_server_and_at_coturn()
    {
        var file = Path.Combine(Repository.Root, "docs", "conformance.md");
        var (ours, coturn) = (Results.Ours, Results.Coturn);
        var fresh = ConformancePage.Write(ours, coturn);
        if (Environment.GetEnvironmentVariable(Write) is not null) File.WriteAllText(file, fresh);
        var written = File.ReadAllText(file);
        // Where another coturn is installed than the page was written with, its column may be another.
        var compare = written.Contains($"| {coturn.Target} |", StringComparison.Ordinal) ? 2 : 1;
        var hint = $"Run this test once with {Write}=1, and look at what became of the page:";
        Assert.True(
            Compared(written, compare).SequenceEqual(Compared(fresh, compare)),
            $"{hint} {string.Join('\n', Compared(fresh, compare).Except(Compared(written, compare)).Take(20))}");
    }

    /// <summary>The rows with so many columns of verdicts, and the names of what failed, without the words of a single run.</summary>
    static IEnumerable<string> Compared(string page, int columns) => page.Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) || (columns == 2 && line.StartsWith("- ", StringComparison.Ordinal)))
        .Where(line => columns == 2 || line.Contains('#', StringComparison.Ordinal))
        .Select(line => columns == 2 ? line.Split(ConformancePage.Aside)[0] : line[..line.TrimEnd(' ', '|').LastIndexOf('|')]);
}
