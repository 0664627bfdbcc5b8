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
    public async Task Where_no_TURN_server_starts_the_report_says_so_of_every_cell_and_the_exit_code_is_1()
    {
        // Keys and data bases of each system would be there.
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        var (code, output, errors) = PortunusProcess.Run(
            ["assess", "--quick", "--out", _folder], new Dictionary<string, string> { ["TMPDIR"] = file });
        Assert.Equal(1, code);
        Assert.Contains("27 of 27 cells failed, the first one S0 in S1: ", errors, StringComparison.Ordinal);
        Assert.Equal(3, output.Split('\n').Length);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(_folder, "assessment.json"), TestContext.Current.CancellationToken));
        var cells = report.RootElement.GetProperty("cells").EnumerateArray().ToArray();
        Assert.Equal(27, cells.Length);
        Assert.All(cells, cell => Assert.Equal("failed", cell.GetProperty("status").GetString()));
        var missing = report.RootElement.GetProperty("missing").EnumerateArray().Select(one => one.GetString()!).ToArray();
        Assert.All(
            (string[])["A1 in S2 is not modelled", "what each solution adds: failed", "theft: A1", "prompts: A1", "management: failed"],
            words => Assert.Contains(missing, one => one.StartsWith(words, StringComparison.Ordinal)));
        var text = await File.ReadAllTextAsync(Path.Combine(_folder, "assessment.md"), TestContext.Current.CancellationToken);
        Assert.Contains("Failed: A1 in S1 over ", text, StringComparison.Ordinal);
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
