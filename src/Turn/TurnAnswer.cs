namespace Portunus.Turn;

/// <summary>What the outside answers to a <see cref="TurnQuestion"/>.</summary>
public abstract record TurnAnswer
{
    TurnAnswer()
    {
    }

    /// <summary>The socket is open. It is named again, so that one whose question was given up can be closed.</summary>
    public sealed record RelayOpened(RelayId Relay) : TurnAnswer
    {
        /// <summary>The second one, if it was asked for and is open.</summary>
        public RelayId? Next { get; init; }
    }

    /// <summary>The other worker has closed what it held.</summary>
    public sealed record RelayYielded : TurnAnswer;

    /// <summary>Another program has the port: another one may be free.</summary>
    public sealed record RelayTaken : TurnAnswer;

    /// <summary>No port will do: no permission, no such address on this machine, no descriptors left.</summary>
    public sealed record RelayRefused : TurnAnswer;

    /// <summary>The connection with the peer stands.</summary>
    public sealed record PeerConnected : TurnAnswer;

    /// <summary>There is no connection with the peer, nor will there be.</summary>
    public sealed record PeerUnreachable : TurnAnswer;

    /// <summary>An edge told the credential, and it stands where the verifier looks.</summary>
    public sealed record CredentialFound : TurnAnswer;

    /// <summary>Every edge answered that it does not know the name.</summary>
    public sealed record CredentialUnknown : TurnAnswer;

    /// <summary>Nobody knew it, but not every edge answered: another time it may be known.</summary>
    public sealed record CredentialUnavailable : TurnAnswer;
}
