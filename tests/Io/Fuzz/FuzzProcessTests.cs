using System.Diagnostics;
using System.Text.RegularExpressions;
using Portunus.Tests.Io.Architecture;

namespace Portunus.Tests.Io.Fuzz;

/// <summary>The program as <c>./test --long</c> runs it.</summary>
public sealed partial class FuzzProcessTests : IDisposable
{
    static readonly string Program = Path.Combine(Repository.Root, "tools/Fuzz/bin/Release/net10.0/Portunus.Fuzz.dll");

    readonly DirectoryInfo _findings = Directory.CreateTempSubdirectory("portunus-findings-");

    [Fact]
    public async Task A_target_without_a_finding_passes_and_says_what_it_saw()
    {
        var report = Path.Combine(_findings.FullName, "report");
        var (status, said) = await RunAsync("run", "framing", "1", "1", "--report", report);
        Assert.Equal(0, status);
        var branches = Branches().Match(said);
        // Code that is not instrumented has some twenty decisions that the target itself notes.
        Assert.True(branches.Success && int.Parse(branches.Groups[1].Value, null) > 100, said);
        Assert.Contains("<test name=\"fuzz framing\" result=\"Pass\"", await File.ReadAllTextAsync(report, Token),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("framing", "planted: no stream has a bad cookie")]
    [InlineData("crash", "the process ended with status 134")]
    public async Task A_finding_is_a_file_and_the_command_that_repeats_it(string target, string says)
    {
        var report = Path.Combine(_findings.FullName, "report");
        var (status, said) = await RunAsync("run", target, "600", "1", "--plant", "--findings", _findings.FullName, "--report", report);
        Assert.Equal(1, status);
        Assert.Contains(says, said, StringComparison.Ordinal);
        Assert.Contains("result=\"Fail\"", await File.ReadAllTextAsync(report, Token), StringComparison.Ordinal);
        var command = Command().Match(said);
        Assert.True(command.Success, said);
        var (again, _) = await RunAsync(command.Groups[1].Value.Split(' '));
        Assert.Equal(134, again);
    }

    public void Dispose() => _findings.Delete(recursive: true);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static async Task<(int Status, string Said)> RunAsync(params string[] words)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])[Program, .. words]) start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Token);
        var said = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, said + await errors);
    }

    [GeneratedRegex(@"(\d+) branches")]
    private static partial Regex Branches();

    [GeneratedRegex(@"repeat it: dotnet \S+ (.*)")]
    private static partial Regex Command();
}
