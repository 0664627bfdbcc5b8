using Portunus.Nodes.Relay;
using Portunus.Nodes.Transfer;
using Portunus.Turn;

namespace Portunus.Nodes.Agent;

/// <summary>What a media gateway node is started with.</summary>
public sealed record AgwNodeSettings
{
    /// <summary>The TURN server. The node adds the control agent's address to those that are never a peer.</summary>
    public required TurnNodeSettings Turn { get; init; }

    /// <summary>The control agent: where it listens, and which edges may write.</summary>
    public required CredentialListenerSettings Control { get; init; }

    /// <summary>By what else than the edges' word clients are known; null for nothing else.</summary>
    public CredentialSources? Sources { get; init; }
}
