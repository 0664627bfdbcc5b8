using System.Diagnostics.CodeAnalysis;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>The open relay sockets of one worker, by slot: the rules use a slot again only after its relay was closed.</summary>
sealed class RelaySockets : IDisposable
{
    WorkerSocket?[] _slots = new WorkerSocket?[64];

    public void Add(WorkerSocket relay)
    {
        var slot = relay.Relay.Slot;
        if (slot >= _slots.Length) Array.Resize(ref _slots, Math.Max(slot + 1, _slots.Length * 2));
        _slots[slot] = relay;
    }

    /// <summary>False when the relay is closed; a later relay in its slot is another one.</summary>
    public bool TryGet(RelayId id, [NotNullWhen(true)] out WorkerSocket? relay)
    {
        relay = id.Slot < _slots.Length ? _slots[id.Slot] : null;
        return relay is not null && relay.Relay == id;
    }

    /// <summary>Takes a relay out, for its last user to close it.</summary>
    public bool TryRemove(RelayId id, [NotNullWhen(true)] out WorkerSocket? relay)
    {
        if (!TryGet(id, out relay)) return false;
        _slots[id.Slot] = null;
        return true;
    }

    public void Dispose()
    {
        foreach (var relay in _slots) relay?.Datagrams.Dispose();
    }
}
