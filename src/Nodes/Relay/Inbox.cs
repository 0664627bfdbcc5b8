using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>
/// The one way in which other threads reach a worker: sockets at which something has arrived, orders, and the wish to stop.
/// Bounded: a socket stands in it once at most, because only the worker arms it again; orders are counted.
/// </summary>
sealed class Inbox
{
    // Orders come from an operator or a clock; a worker that is this far behind takes none any more.
    const int MaxOrders = 256;

    readonly object _gate = new();
    List<WorkerSocket> _arrivals = [];
    List<TurnOrder> _orders = [];
    bool _asleep;
    bool _stop;

    /// <summary>Called by any thread; does not wait.</summary>
    public void Arrived(WorkerSocket socket)
    {
        lock (_gate)
        {
            _arrivals.Add(socket);
            Wake();
        }
    }

    /// <summary>Called by any thread; does not wait. False when the inbox is full.</summary>
    public bool TryPost(TurnOrder order)
    {
        lock (_gate)
        {
            if (_orders.Count >= MaxOrders) return false;
            _orders.Add(order);
            Wake();
            return true;
        }
    }

    /// <summary>Called by any thread; does not wait.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stop = true;
            Wake();
        }
    }

    /// <summary>Waits until there is something, or patience is over; false when the worker is to stop.</summary>
    /// <param name="arrivals">Empty; comes back with all that arrived.</param>
    /// <param name="orders">Empty; comes back with all orders, in their order.</param>
    /// <param name="patience">Zero looks without waiting; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    public bool Take(ref List<WorkerSocket> arrivals, ref List<TurnOrder> orders, TimeSpan patience)
    {
        lock (_gate)
        {
            if (_arrivals.Count == 0 && _orders.Count == 0 && !_stop && patience != TimeSpan.Zero)
            {
                _asleep = true;
                Monitor.Wait(_gate, patience);
                _asleep = false;
            }

            (arrivals, _arrivals) = (_arrivals, arrivals);
            (orders, _orders) = (_orders, orders);
            return !_stop;
        }
    }

    void Wake()
    {
        if (!_asleep) return;
        _asleep = false;
        Monitor.Pulse(_gate);
    }
}
