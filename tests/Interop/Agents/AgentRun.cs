using System.Diagnostics;
using System.Text.Json;

namespace Portunus.Tests.Interop.Agents;

/// <summary>A run of a program in which two ICE agents of one library exchange messages, and what it says of itself.</summary>
/// <param name="Candidates">Of both agents, as they tell each other.</param>
/// <param name="Back">Messages that came back as they were sent.</param>
sealed record AgentRun(string[] Candidates, int Back)
{
    /// <summary>Messages, and the bytes of each: no multiple of four, so that a stream needs padding (RFC 8656 §12.5).</summary>
    public const int Count = 50, Size = 999;

    // They start within a second; a busy machine takes longer.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="start">The program with the words before the number of messages.</param>
    public static async Task<AgentRun> OfAsync(ProcessStartInfo start)
    {
        start.ArgumentList.Add($"{Count}");
        start.ArgumentList.Add($"{Size}");
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"{start.FileName} did not end. It said: {await output} {await errors}");
        }

        Assert.True(process.ExitCode == 0, $"{await output} {await errors}");
        return JsonSerializer.Deserialize<AgentRun>(await output, JsonSerializerOptions.Web)!;
    }

    /// <summary>Both had relay candidates alone, and all that was sent came back.</summary>
    public void AssertRelayed()
    {
        Assert.InRange(Candidates.Length, 2, 100);
        Assert.All(Candidates, candidate => Assert.Contains(" typ relay ", candidate, StringComparison.Ordinal));
        Assert.Equal(Count, Back);
    }
}
