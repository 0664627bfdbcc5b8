using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>What a machine asks of the outside.</summary>
public abstract record TurnQuestion
{
    TurnQuestion()
    {
    }

    /// <summary>Open a UDP socket at <paramref name="Address"/>, port included, and call it <paramref name="Relay"/>.</summary>
    public sealed record OpenRelay(RelayId Relay, TransportAddress Address) : TurnQuestion;
}
