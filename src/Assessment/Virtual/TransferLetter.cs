using Portunus.Bedrock;
using Portunus.Epcscf;

namespace Portunus.Assessment.Virtual;

/// <summary>What is said between edge and TURN server beside the statements of a <see cref="CredentialTransfer"/>.</summary>
/// <param name="Id">Of the question.</param>
abstract record TransferLetter(AskId Id)
{
    /// <summary>The TURN server's answer to a statement.</summary>
    public sealed record Answer(AskId Id, TransferAnswer What) : TransferLetter(Id);

    /// <summary>The question of pull.</summary>
    public sealed record Find(AskId Id, string Username) : TransferLetter(Id);

    /// <summary>The edge's answer to it.</summary>
    public sealed record Found(AskId Id, FetchAnswer What) : TransferLetter(Id);
}
