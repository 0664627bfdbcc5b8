namespace Portunus.Nodes.Relay;

/// <summary>
/// The one way in which other threads reach a worker: sockets at which something has arrived, and the wish to stop.
/// Bounded by itself: a socket stands in it once at most, because it is armed again only by the worker.
/// </summary>
sealed class Inbox
{
    readonly object _gate = new();
    List<WorkerSocket> _arrivals = [];
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

    /// <summary>Called by any thread; does not wait.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stop = true;
            Wake();
        }
    }

    /// <summary>Waits until there is something, or <paramref name="patience"/> is over; false when the worker is to stop.</summary>
    /// <param name="taken">Empty; comes back with all that arrived.</param>
    /// <param name="patience">Zero looks without waiting; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    public bool Take(ref List<WorkerSocket> taken, TimeSpan patience)
    {
        lock (_gate)
        {
            if (_arrivals.Count == 0 && !_stop && patience != TimeSpan.Zero)
            {
                _asleep = true;
                Monitor.Wait(_gate, patience);
                _asleep = false;
            }

            (taken, _arrivals) = (_arrivals, taken);
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
