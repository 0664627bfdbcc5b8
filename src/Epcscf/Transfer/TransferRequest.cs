using Portunus.Bedrock;

namespace Portunus.Epcscf;

/// <summary>A request that is under way to a server.</summary>
/// <param name="Server">To whom.</param>
/// <param name="Statement">Null for a poll and for the whole set.</param>
/// <param name="Version">Of the statement as it was sent.</param>
/// <param name="Sequence">As it was sent; 0 for a poll.</param>
/// <param name="Epoch">As it was sent; 0 for a withdrawal, which any epoch may hear. Of a poll the one that was known; 0 for none.</param>
/// <param name="Sent">When.</param>
sealed record TransferRequest(TransferServer Server, Statement? Statement, int Version, ulong Sequence, ulong Epoch, Instant Sent)
{
    public bool IsPoll => Sequence == 0;
}
