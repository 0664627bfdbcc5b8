namespace Portunus.Epcscf;

/// <summary>What a TURN server answered to a request of a <see cref="CredentialTransfer"/>.</summary>
public abstract record TransferAnswer
{
    TransferAnswer()
    {
    }

    /// <summary>The statement holds there.</summary>
    public sealed record Done : TransferAnswer;

    /// <summary>Its epoch, and the highest sequence that it heard of this edge in it; 0 for none.</summary>
    public sealed record IsAt(ulong Epoch, ulong Sequence = 0) : TransferAnswer;

    /// <summary>The set holds there but for these usernames, which it cannot take.</summary>
    public sealed record Synchronised(IReadOnlyCollection<string> Except) : TransferAnswer;

    /// <summary>It knows something newer: a statement above this sequence is heard.</summary>
    public sealed record Older(ulong Sequence) : TransferAnswer;

    /// <summary>It began anew and knows nothing.</summary>
    public sealed record WrongEpoch : TransferAnswer;

    /// <summary>No room; later perhaps.</summary>
    public sealed record Full : TransferAnswer;

    /// <summary>Not this statement, however often it is made.</summary>
    public sealed record Refused : TransferAnswer;

    /// <summary>No answer, or one that says nothing.</summary>
    public sealed record Unreachable : TransferAnswer;
}
