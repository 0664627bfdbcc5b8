using System.Text.Json;

namespace Portunus.Tests.Io.Commands;

/// <summary><c>portunus assess</c> as a command; what it finds out is tested where it is made.</summary>
public sealed class AssessCommandTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("exclude each other", "--quick", "--full")]
    [InlineData("--rtt", "--rtt", "20,x")]
    [InlineData("--loss", "--loss", "80")]
    [InlineData("names no link", "--link", "W9=20")]
    [InlineData("--link", "--link", "W2=fast")]
    [InlineData("--seed", "--seed", "-1")]
    public void Wrong_usage_is_said_and_nothing_runs(string complaint, params string[] words)
    {
        var (code, output, errors) = PortunusProcess.Run(["assess", "--out", _folder, .. words]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(complaint, errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said_before_anything_is_measured()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var (code, _, errors) = PortunusProcess.Run(["assess", "--quick", "--out", file]);
        Assert.Equal(1, code);
        Assert.Contains("--out DIR", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_run_leaves_a_report_that_says_what_is_missing()
    {
        using var process = PortunusProcess.Begin("assess", "--quick", "--out", _folder);
        await process.SaysAsync("0 of");
        Assert.Equal(1, process.Terminate());
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(_folder, "assessment.json"), TestContext.Current.CancellationToken));
        Assert.NotEqual(0, report.RootElement.GetProperty("missing").GetArrayLength());
        Assert.Equal("portunus-assessment/1", report.RootElement.GetProperty("schema").GetString());
    }
}
