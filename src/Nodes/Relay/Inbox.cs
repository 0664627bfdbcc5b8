using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>The one way in which other threads reach a worker: orders, and the wish to stop. Bounded.</summary>
/// <remarks>It wakes nobody: a worker looks into it many times a second.</remarks>
sealed class Inbox
{
    // Orders come from an operator or a clock; a worker that is this far behind takes none any more.
    const int MaxOrders = 256;

    readonly Lock _gate = new();
    List<TurnOrder> _orders = [];
    volatile bool _stop;
    volatile bool _any;

    public bool IsToStop => _stop;

    /// <summary>Called by any thread; does not wait. False when the inbox is full.</summary>
    public bool TryPost(TurnOrder order)
    {
        lock (_gate)
        {
            if (_orders.Count >= MaxOrders) return false;
            _orders.Add(order);
            _any = true;
            return true;
        }
    }

    /// <summary>Called by any thread; does not wait.</summary>
    public void Stop() => _stop = true;

    /// <summary>False when there is none.</summary>
    /// <param name="orders">Empty; comes back with all orders, in their order.</param>
    public bool TryTake(ref List<TurnOrder> orders)
    {
        if (!_any) return false;
        lock (_gate)
        {
            (orders, _orders) = (_orders, orders);
            _any = false;
            return true;
        }
    }
}
