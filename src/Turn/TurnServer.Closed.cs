using Portunus.Bedrock;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>
    /// The connection of a stream has ended, and with it the five-tuple that its allocation is known by (RFC 8656 §2): nobody could
    /// refresh it or hear of it any more. But a client with a ticket may come back (RFC 8016 §2, break before make).
    /// </summary>
    public void OnClosed(Instant now, in ClientPath path)
    {
        // RFC 6062 §5.5: "When a client data connection is closed, the server MUST close the corresponding peer data connection."
        if (_connections.TryFind(path.FiveTuple, out var connection)) Close(connection);
        if (!_allocations.TryGetValue(path.FiveTuple, out var allocation)) Leave(path);
        else if (!allocation.IsMobile) End(allocation, AllocationEnd.Disconnected);
        else if (allocation.Lose(path)) FinishMove(now, allocation);
        // The next connection from there may be anybody's behind the same NAT.
        else Forget(path, allocation);
    }

    /// <summary>Whether something lives on a path, here or at another worker: then its connection is kept, however silent it is.</summary>
    public bool HasAllocation(Instant now, in ClientPath path) =>
        TryGetAllocation(now, path, out _) || _lodgers.TryGet(now, path.FiveTuple, out _)
        || _connections.IsClient(path.FiveTuple);
}
