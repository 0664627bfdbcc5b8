using System.Diagnostics;
using System.Text.Json;

namespace Portunus.Tests.Interop.Clients;

/// <summary>A client of another make that was run to its end, and what it printed: a JSON object a line.</summary>
sealed record JsonProgram(int ExitCode, IReadOnlyList<JsonElement> Lines, string Errors)
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<JsonProgram> RunAsync(
        string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(name, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"{name} did not end. It said: {await output} {await errors}");
        }

        JsonElement[] lines = [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
        return new(process.ExitCode, lines, await errors);
    }

    /// <summary>The only line of a step.</summary>
    public JsonElement Step(string name) => Lines.Single(line => line.GetProperty("step").GetString() == name);

    public void AssertSuccess() => Assert.True(ExitCode == 0, string.Join('\n', [.. Lines.Select(line => line.GetRawText()), Errors]));

    static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
