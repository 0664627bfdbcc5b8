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
        // Where another coturn is installed than the page was written with, its verdicts may be others.
        var both = written.Contains($"| {coturn.Target} |", StringComparison.Ordinal);
        var missing = Compared(fresh, both).Except(Compared(written, both)).Concat(Compared(written, both).Except(Compared(fresh, both)));
        Assert.True(
            !missing.Any(),
            $"Run this test once with {Write}=1, and look at what became of the page. {string.Join('\n', missing.Take(20))}");
    }

    /// <summary>The rows and the names of what failed, without the words of a single run; if need be without the last verdict.</summary>
    static HashSet<string> Compared(string page, bool both) => [.. page.Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains('#', StringComparison.Ordinal)
            || both && line.StartsWith("- ", StringComparison.Ordinal))
        .Select(line => both ? line.Split(ConformancePage.Aside)[0] : line[..line.TrimEnd(' ', '|').LastIndexOf('|')])];
}
