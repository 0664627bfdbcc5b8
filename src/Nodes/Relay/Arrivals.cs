namespace Portunus.Nodes.Relay;

/// <summary>Connections of clients that other workers hand to one, which has what they are about. Bounded.</summary>
/// <param name="wake">Called by whoever hands one over, until <see cref="Close"/>.</param>
sealed class Arrivals(Action wake)
{
    // As many as may knock at a door of this worker before it looks.
    const int Most = 1024;

    readonly Lock _gate = new();
    List<ClientStream> _waiting = [];
    volatile bool _any;
    bool _closed;

    /// <summary>Called by any worker, which must not touch the connection afterwards. False when there are too many, or this worker has
    /// ended: then it stays with the caller.</summary>
    public bool TryAdd(ClientStream stream)
    {
        lock (_gate)
        {
            if (_closed || _waiting.Count >= Most) return false;
            _waiting.Add(stream);
            // First it must be seen: whoever is woken looks at once.
            var wasTold = _any;
            _any = true;
            if (!wasTold) wake();
            return true;
        }
    }

    /// <summary>False when there is none.</summary>
    /// <param name="arrived">Empty; comes back with all that have arrived, in their order.</param>
    public bool TryTake(ref List<ClientStream> arrived)
    {
        if (!_any) return false;
        lock (_gate)
        {
            (arrived, _waiting) = (_waiting, arrived);
            _any = false;
            return true;
        }
    }

    /// <summary>The worker has ended.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var stream in _waiting) stream.Dispose();
            _waiting.Clear();
        }
    }
}
