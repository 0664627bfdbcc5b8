using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Portunus.Assessment.Links;

/// <summary>Does things when they are due, on one thread of its own, to within a fraction of a millisecond: timers of the pool have whole
/// milliseconds, and are late when the pool is busy. The thread is there while a link is.</summary>
sealed class Timetable
{
    /// <summary>Waits end late by about this; the rest is spun.</summary>
    static readonly long Margin = Stopwatch.Frequency / 10_000;

    static readonly long Millisecond = Stopwatch.Frequency / 1000;

    /// <summary>Of a wait of the kernel, in microseconds.</summary>
    const long Slice = 300;

    readonly object _gate = new(); // Monitor: a Lock cannot be waited on.
    readonly PriorityQueue<Action, (long Due, long Order)> _queue = new();
    Thread? _thread;
    long _order;
    int _links;

    /// <summary>A link begins.</summary>
    public void Enter()
    {
        lock (_gate)
        {
            if (_links++ > 0) return;
            _thread = new(Run) { IsBackground = true, Name = "emulated networks" };
            _thread.Start();
        }
    }

    /// <summary>A link has ended; with the last, what is still to be done is forgotten.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (--_links > 0) return;
            _thread = null;
            _queue.Clear();
            Monitor.PulseAll(_gate);
        }
    }

    /// <param name="due">By <see cref="Stopwatch.GetTimestamp"/>; what is due at the same time is done in the order of the calls.</param>
    /// <param name="action">Neither blocks nor throws.</param>
    public void At(long due, Action action)
    {
        lock (_gate)
        {
            if (_thread is null) return;
            var isFirst = !_queue.TryPeek(out _, out var first) || due < first.Due;
            _queue.Enqueue(action, (due, _order++));
            if (isFirst) Monitor.PulseAll(_gate);
        }
    }

    void Run()
    {
        while (true)
        {
            Action? due = null;
            lock (_gate)
            {
                if (_thread != Thread.CurrentThread) return;
                if (!_queue.TryPeek(out _, out var first))
                {
                    Monitor.Wait(_gate);
                    continue;
                }

                var left = first.Due - Stopwatch.GetTimestamp();
                if (left <= 0)
                {
                    due = _queue.Dequeue();
                }
                else if (left >= Millisecond + Margin)
                {
                    Monitor.Wait(_gate, (int)((left - Margin) / Millisecond));
                    continue;
                }
            }

            if (due is not null) due();
            else Pause();
        }
    }

    /// <summary>Less than a millisecond is left, in which the processors are others' as well: a wait of the kernel ends late by its slack,
    /// some 60 us, and is short, since something sooner may come.</summary>
    void Pause()
    {
        long left;
        lock (_gate) left = _queue.TryPeek(out _, out var first) ? first.Due - Stopwatch.GetTimestamp() : 0;
        if (left > 2 * Margin && OperatingSystem.IsLinux())
            SleepMicroseconds((uint)Math.Min((left - Margin) * 1_000_000 / Stopwatch.Frequency, Slice));
        else if (!Thread.Yield()) Thread.SpinWait(20);
    }

    [DllImport("libc", EntryPoint = "usleep")]
    static extern int SleepMicroseconds(uint microseconds);
}
