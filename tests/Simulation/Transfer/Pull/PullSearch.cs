using Portunus.Bedrock;

namespace Portunus.Tests.Simulation.Transfer.Pull;

/// <summary>A question of a TURN server, on its way to the edges as CredentialFinder has it.</summary>
sealed class PullSearch(AskId id, PullCall call, Instant deadline)
{
    public AskId Id => id;

    public PullCall Call => call;

    public Instant Deadline => deadline;

    /// <summary>The edges that have not answered.</summary>
    public HashSet<int> Waiting { get; } = [];

    /// <summary>Whether every edge so far has disclaimed the name.</summary>
    public bool IsUnknown { get; set; } = true;
}
