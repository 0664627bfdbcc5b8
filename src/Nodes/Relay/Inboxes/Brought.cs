namespace Portunus.Nodes.Relay;

/// <summary>What other workers bring to one, until it looks: then it takes all at once, in the order in which it was brought.</summary>
/// <param name="wake">Called by whoever brings the first, until <see cref="Close"/>: so that the worker looks.</param>
abstract class Brought<T>(Action wake)
    where T : IDisposable
{
    List<T> _waiting = [];
    volatile bool _any;

    /// <summary>Held while anything is brought or taken.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>Whether the worker has ended.</summary>
    protected bool IsClosed { get; private set; }

    protected int Count => _waiting.Count;

    /// <summary>False when there is nothing.</summary>
    /// <param name="brought">Empty; comes back with all that was brought, which is the caller's now.</param>
    public bool TryTake(ref List<T> brought)
    {
        if (!_any) return false;
        lock (Gate)
        {
            (brought, _waiting) = (_waiting, brought);
            _any = false;
            OnTaken();
            return true;
        }
    }

    /// <summary>The worker has ended: what is here is nobody's.</summary>
    public void Close()
    {
        lock (Gate)
        {
            IsClosed = true;
            foreach (var one in _waiting) one.Dispose();
            _waiting.Clear();
        }
    }

    /// <summary>Under the gate, not closed.</summary>
    protected void Add(T one)
    {
        _waiting.Add(one);
        // As in the inbox: who was told and has not looked yet need not be told again, and first it must be seen.
        var wasTold = _any;
        _any = true;
        if (!wasTold) wake();
    }

    /// <summary>All was taken; under the gate.</summary>
    protected virtual void OnTaken()
    {
    }
}
