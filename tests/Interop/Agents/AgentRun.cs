using System.Text.Json;
using Portunus.Tests.Interop.Clients;

namespace Portunus.Tests.Interop.Agents;

/// <summary>A run of a program in which two ICE agents of one library exchange messages, and what it says of itself.</summary>
/// <param name="Candidates">Of both agents, as they tell each other.</param>
/// <param name="Back">Messages that came back as they were sent.</param>
sealed record AgentRun(string[] Candidates, int Back)
{
    /// <summary>Messages, and the bytes of each: no multiple of four, so that a stream needs padding (RFC 8656 §12.5).</summary>
    public const int Count = 50, Size = 999;

    /// <param name="name">Of the program.</param>
    /// <param name="arguments">Those before the number of messages.</param>
    /// <param name="environment">What is to be known to it beside our own.</param>
    /// <param name="folder">In which it runs; a temporary one unless given.</param>
    public static async Task<AgentRun> OfAsync(
        string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var run = await JsonProgram.RunAsync(name, [.. arguments, $"{Count}", $"{Size}"], environment, folder);
        run.AssertSuccess();
        return Assert.Single(run.Lines).Deserialize<AgentRun>(JsonSerializerOptions.Web)!;
    }

    /// <summary>Both had relay candidates alone, and all that was sent came back.</summary>
    public void AssertRelayed()
    {
        Assert.InRange(Candidates.Length, 2, 100);
        Assert.All(Candidates, candidate => Assert.Contains(" typ relay ", candidate, StringComparison.Ordinal));
        Assert.Equal(Count, Back);
    }
}
