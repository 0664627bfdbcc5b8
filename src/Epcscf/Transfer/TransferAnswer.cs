namespace Portunus.Epcscf;

/// <summary>What a TURN server answered to a request of a <see cref="CredentialTransfer"/>.</summary>
public abstract record TransferAnswer
{
    TransferAnswer()
    {
    }

    /// <summary>The statement holds there.</summary>
    public sealed record Done : TransferAnswer;

    /// <summary>Its epoch.</summary>
    public sealed record IsAt(ulong Epoch) : TransferAnswer;

    /// <summary>The set holds there but for these usernames, which it cannot take, and has opened an epoch.</summary>
    public sealed record Synchronised(ulong Epoch, IReadOnlyCollection<string> Except) : TransferAnswer;

    /// <summary>It knows something newer: a statement above this sequence is heard.</summary>
    public sealed record Older(ulong Sequence) : TransferAnswer;

    /// <summary>It began anew and knows nothing, or another set of this edge was taken in.</summary>
    public sealed record WrongEpoch : TransferAnswer;

    /// <summary>No room; later perhaps.</summary>
    public sealed record Full : TransferAnswer;

    /// <summary>Not this statement, however often it is made.</summary>
    public sealed record Refused : TransferAnswer;

    /// <summary>No answer, or one that says nothing.</summary>
    public sealed record Unreachable : TransferAnswer;
}
