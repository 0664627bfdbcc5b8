namespace Portunus.Turn;

/// <summary>The relays of one worker by slot: found by index, told from earlier users of the slot by generation.</summary>
sealed class RelayTable(WorkerId worker)
{
    readonly List<Slot> _slots = [];
    readonly Stack<int> _free = [];

    /// <summary>How many slots are taken, by allocations and by questions that are open.</summary>
    public int Count => _slots.Count - _free.Count;

    /// <summary>Takes a slot under a name that was never given before.</summary>
    public RelayId Take()
    {
        if (!_free.TryPop(out var slot))
        {
            slot = _slots.Count;
            _slots.Add(default);
        }

        return new(worker, slot, _slots[slot].Generation);
    }

    public void Free(RelayId relay)
    {
        _slots[relay.Slot] = new(relay.Generation + 1, null);
        _free.Push(relay.Slot);
    }

    public void Set(RelayedAddress address) => _slots[address.Relay.Slot] = new(address.Relay.Generation, address);

    /// <summary>What a relay is of; null for one that is closed, not open yet, or another worker's.</summary>
    public RelayedAddress? Find(RelayId relay)
    {
        if (relay.Slot >= _slots.Count || relay.Worker != worker) return null;
        var slot = _slots[relay.Slot];
        return slot.Generation == relay.Generation ? slot.Address : null;
    }

    readonly record struct Slot(uint Generation, RelayedAddress? Address);
}
