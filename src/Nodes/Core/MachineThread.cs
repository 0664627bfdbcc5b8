using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;

namespace Portunus.Nodes.Core;

/// <summary>
/// One thread that drives one machine: inputs in the order they came, the machine's deadlines between them. Nobody else
/// calls the machine.
/// </summary>
/// <remarks>
/// The inbox is not bounded here: each kind of sender bounds itself, a WebSocket to one message, Mw to its window.
/// </remarks>
/// <typeparam name="TInput">What the machine is given.</typeparam>
sealed class MachineThread<TInput>
{
    // A wait takes at most 2^31 ms; a machine does not mind being told the time more often than it asked.
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    readonly Lock _inboxLock = new();
    readonly Queue<TInput> _inbox = new();
    readonly AutoResetEvent _woken = new(false);
    readonly Thread _thread;
    readonly Action<Instant, TInput> _onInput;
    readonly Action<Instant> _onDeadline;
    readonly Func<Instant?> _nextDeadline;
    bool _stopped;

    /// <param name="name">Of the thread, as a debugger shows it.</param>
    /// <param name="onInput">Gives one input to the machine and performs its effects; does not throw.</param>
    /// <param name="onDeadline">Tells the machine the time and performs its effects; does not throw.</param>
    /// <param name="nextDeadline">When the machine wants to be told the time.</param>
    public MachineThread(string name, Action<Instant, TInput> onInput, Action<Instant> onDeadline, Func<Instant?> nextDeadline)
    {
        (_onInput, _onDeadline, _nextDeadline) = (onInput, onDeadline, nextDeadline);
        _thread = new(Run) { Name = name, IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>Puts one input into the inbox; false when the machine has stopped.</summary>
    public bool TryPost(TInput input)
    {
        lock (_inboxLock)
        {
            if (_stopped) return false;
            _inbox.Enqueue(input);
        }

        _woken.Set();
        return true;
    }

    /// <summary>
    /// Ends the thread after the input it is at; what is left in the inbox is given to <paramref name="abandoned"/>.
    /// </summary>
    public void Stop(Action<TInput> abandoned)
    {
        lock (_inboxLock)
        {
            if (_stopped) return;
            _stopped = true;
        }

        _woken.Set();
        if (_thread.IsAlive) _thread.Join();
        foreach (var input in _inbox) abandoned(input);
        _inbox.Clear();
    }

    void Run()
    {
        while (true)
        {
            while (TryTake(out var input))
            {
                _onInput(SystemClock.Now, input);
                TellTime();
            }

            if (Volatile.Read(ref _stopped)) return;
            TellTime();
            _woken.WaitOne(Patience());
        }
    }

    void TellTime()
    {
        var now = SystemClock.Now;
        if (_nextDeadline() is { } due && due <= now) _onDeadline(now);
    }

    TimeSpan Patience()
    {
        if (_nextDeadline() is not { } due) return Timeout.InfiniteTimeSpan;
        var wait = due - SystemClock.Now;
        // Rounded up to the next millisecond: woken a little early, it would only turn around.
        return wait < TimeSpan.Zero ? TimeSpan.FromMilliseconds(1)
            : wait < LongestWait ? wait + TimeSpan.FromMilliseconds(1)
            : LongestWait;
    }

    bool TryTake([MaybeNullWhen(false)] out TInput input)
    {
        lock (_inboxLock)
        {
            input = default;
            return !_stopped && _inbox.TryDequeue(out input);
        }
    }
}
