using Portunus.Epcscf;

namespace Portunus.Nodes.Transfer;

/// <summary>Carries what an edge says to one TURN server; an answer is a value, whatever comes.</summary>
interface ITransferClient : IDisposable
{
    /// <summary>Of the server.</summary>
    string Realm { get; }

    Task<TransferAnswer> PutAsync(TransferEffect.Put put, CancellationToken stop);

    Task<TransferAnswer> DeleteAsync(TransferEffect.Delete delete, CancellationToken stop);

    Task<TransferAnswer> RevokeAsync(TransferEffect.Revoke revoke, CancellationToken stop);

    Task<TransferAnswer> SyncAsync(TransferEffect.Sync sync, CancellationToken stop);

    Task<TransferAnswer> GetEpochAsync(CancellationToken stop);
}
