using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

/// <summary>What a machine asks of the outside.</summary>
public abstract record TurnQuestion
{
    TurnQuestion()
    {
    }

    /// <summary>Open a UDP socket at <paramref name="Address"/>, port included, and call it <paramref name="Relay"/>.</summary>
    public sealed record OpenRelay(RelayId Relay, TransportAddress Address) : TurnQuestion;

    /// <summary>Does an edge know this username, which <see cref="PushedName"/> allows? If so, put its credential into the table
    /// that the verifier asks, then answer.</summary>
    public sealed record FindCredential(string Username) : TurnQuestion;
}
