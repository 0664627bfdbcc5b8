using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>The one way in which other threads reach a worker: orders, answers, and the wish to stop. Bounded.</summary>
/// <param name="wake">Called by whoever posts, until <see cref="Close"/>: so that the worker looks into it.</param>
sealed class Inbox(Action wake)
{
    // Orders come from an operator, an edge or a clock; a worker that is this far behind takes none any more.
    const int MaxOrders = 256;

    readonly Lock _gate = new();
    List<Posted> _orders = [];
    List<Answered> _answers = [];
    volatile bool _stop;
    volatile bool _any;
    bool _closed;

    public bool IsToStop => _stop;

    /// <summary>Called by any thread; does not wait. False when the inbox is full.</summary>
    /// <param name="order">To be obeyed after those before it.</param>
    /// <param name="done">Ends when that has happened; at once when the worker has ended, since nothing lives there any
    /// more.</param>
    public bool TryPost(TurnOrder order, TaskCompletionSource? done = null)
    {
        lock (_gate)
        {
            if (_closed) done?.TrySetResult();
            if (_closed) return true;
            if (_orders.Count >= MaxOrders) return false;
            _orders.Add(new(order, done));
            Tell();
            return true;
        }
    }

    /// <summary>Called by any thread; does not wait. There are no more answers than the worker has questions.</summary>
    public void Post(Answered answer)
    {
        lock (_gate)
        {
            if (_closed) return;
            _answers.Add(answer);
            Tell();
        }
    }

    /// <summary>Called by any thread; does not wait.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stop = true;
            if (!_closed) wake();
        }
    }

    /// <summary>False when there is none.</summary>
    /// <param name="orders">Empty; comes back with all orders, in their order.</param>
    /// <param name="answers">Empty; comes back with all answers, in their order.</param>
    public bool TryTake(ref List<Posted> orders, ref List<Answered> answers)
    {
        if (!_any) return false;
        lock (_gate)
        {
            (orders, _orders) = (_orders, orders);
            (answers, _answers) = (_answers, answers);
            _any = false;
            return true;
        }
    }

    /// <summary>The worker has ended: nobody waits for it any longer.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var posted in _orders) posted.Done?.TrySetResult();
            _orders.Clear();
        }
    }

    void Tell()
    {
        // Who was told and has not looked yet need not be told again. Whoever is woken looks at once, so first it must be seen.
        var wasTold = _any;
        _any = true;
        if (!wasTold) wake();
    }

    /// <summary>An order, and who waits for it to be obeyed.</summary>
    public readonly record struct Posted(TurnOrder Order, TaskCompletionSource? Done);

    /// <summary>What the outside said to a question.</summary>
    public readonly record struct Answered(AskId Ask, TurnAnswer Answer);
}
