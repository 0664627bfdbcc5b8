using Portunus.Bedrock;

namespace Portunus.Turn;

// How an allocation ends, or one of its two addresses, whatever the reason: nothing of it is found any more, its sockets are closed, and
// its place in the ledger is free.
public sealed partial class TurnServer
{
    void End(Allocation allocation, AllocationEnd reason)
    {
        Forget(allocation.Path, allocation);
        if (allocation.Next is { } next) Forget(next, allocation);
        if (allocation.IsMobile) _mobile.Remove(allocation.Id);
        foreach (var address in allocation.Addresses) Close(address);
        _ledger.End(allocation.Lease);
        Counters.By(allocation.Path).CountEnd(reason);
        Audit(new TurnAudit.AllocationEnded(allocation.Lease.Session!, reason, allocation.Traffic));
    }

    /// <summary>RFC 8656 §8.1: of a dual allocation one relayed address ends, with what belongs to it, and the other lives on.</summary>
    void End(RelayedAddress address, AllocationEnd reason)
    {
        var allocation = address.Allocation;
        if (allocation.Addresses.Count == 1)
        {
            End(allocation, reason);
            return;
        }

        Close(address);
        allocation.Remove(address);
        _ledger.Drop(allocation.Lease, address.Port);
        Audit(new TurnAudit.AddressEnded(allocation.Id, address.Port.Relayed, reason));
    }

    void Close(RelayedAddress address)
    {
        CloseConnections(address);
        _expiries.Cancel(address.Relay);
        _relays.Free(address.Relay);
        _effects.Enqueue(new TurnEffect.CloseRelay(address.Relay));
    }
}
