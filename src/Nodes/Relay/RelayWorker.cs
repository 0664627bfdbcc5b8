using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Nodes.Audit;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>
/// One thread with one <see cref="TurnServer"/>, its sockets and its inbox: it takes datagrams, asks the rules, and does what
/// they say. The portable data path: a datagram leaves at once, so there is nothing to flush before an effect.
/// </summary>
sealed partial class RelayWorker
{
    // How many datagrams one socket may bring before the next has its turn.
    const int Budget = 32;

    // How long a socket rests after the system reported an error that may repeat itself.
    static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    // How late an order may be noticed in silence.
    static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(50);

    // How late an answer from an edge may be noticed: a client waits for it.
    static readonly TimeSpan LightSleep = TimeSpan.FromMilliseconds(2);

    readonly LoopCounters _counters = new();
    readonly WorkerId _self;
    readonly TurnServer _rules;
    readonly Func<Instant> _clock;
    readonly ICredentialFinder? _finder;
    readonly ILogger _log;
    readonly ErrorLog _errors;
    readonly IAudit _audit;
    readonly Inbox _inbox = new();
    readonly WorkerSocket[] _listeners;
    readonly RelaySockets _relays = new();
    readonly SocketWatch _watch = new();
    readonly Queue<WorkerSocket> _ready = new();
    readonly Queue<(WorkerSocket Socket, Instant Until)> _resting = new();
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource _stopping = new();
    List<Inbox.Posted> _orders = [];
    List<Inbox.Answered> _answers = [];
    int _awaited;

    /// <param name="self">Its number.</param>
    /// <param name="rules">Called by this worker's thread alone.</param>
    /// <param name="listeners">Bound, one for each listening address; they belong to the worker from now on.</param>
    /// <param name="clock">The time.</param>
    /// <param name="finder">Asks edges; null where the rules never do.</param>
    /// <param name="log">Where <see cref="RelayLog"/> writes.</param>
    /// <param name="audit">Where beginnings and ends of allocations are written down.</param>
    public RelayWorker(
        WorkerId self, TurnServer rules, IEnumerable<Socket> listeners, Func<Instant> clock, ICredentialFinder? finder, ILogger log,
        IAudit audit)
    {
        (_self, _rules, _clock, _finder, _log, _errors, _audit) = (self, rules, clock, finder, log, new(log, self), audit);
        _listeners = [.. listeners.Select((socket, number) => new WorkerSocket(new(socket)) { Listener = number })];
        foreach (var listener in _listeners) _watch.Add(listener);
        _counters.Listeners = [.. _listeners.Select(_ => new ListenerCounters())];
    }

    public TurnCounters Decisions => _rules.Counters;

    public LoopCounters Loop => _counters;

    /// <summary>How much its rules keep; read by another thread, a little late.</summary>
    public int Kept => _rules.Kept;

    /// <summary>Ends when the worker has; fails when the worker did.</summary>
    public Task Ended => _ended.Task;

    public void Start() => new Thread(Run) { Name = $"TURN worker {_self}", IsBackground = true }.Start();

    /// <summary>Gives an order; false when the worker has too many already.</summary>
    public bool TryPost(TurnOrder order) => _inbox.TryPost(order);

    /// <summary>Gives an order; the task ends when it was obeyed, or the worker has ended.</summary>
    /// <exception cref="InvalidOperationException">The worker has too many orders already.</exception>
    public Task ObeyAsync(TurnOrder order)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _inbox.TryPost(order, done)
            ? done.Task
            : throw new InvalidOperationException($"Worker {_self} takes no more orders.");
    }

    /// <summary>Returns at once; <see cref="Ended"/> says when it is done.</summary>
    public void Stop() => _inbox.Stop();

    void Run()
    {
        try
        {
            while (!_inbox.IsToStop)
            {
                Obey();
                TakeTurns();
                KeepTime();
                _watch.Wait(_clock(), Patience(), _ready);
            }

            // So that the audit has an end for every beginning.
            _rules.OnOrder(_clock(), new TurnOrder.Stop());
            while (_rules.TryTake(out var effect)) Perform(_clock(), effect);
            Close();
            RelayLog.WorkerEnded(_log, _self.Value, _counters.Received, _counters.Sent,
                _counters.SendFailures, _counters.ReceiveFailures, _counters.RelaysRefused);
            _ended.SetResult();
        }
        catch (Exception failure)
        {
            // A mistake of ours: nobody can say what state the machine is in. The node ends, and says so.
            RelayLog.WorkerFailed(_log, _self.Value, failure);
            Close();
            _ended.SetException(failure);
        }
    }

    void Obey()
    {
        if (!_inbox.TryTake(ref _orders, ref _answers)) return;
        foreach (var (order, done) in _orders)
        {
            _rules.OnOrder(_clock(), order);
            while (_rules.TryTake(out var effect)) Perform(_clock(), effect);
            done?.SetResult();
        }

        _orders.Clear();
        foreach (var (ask, answer) in _answers)
        {
            _awaited--;
            var now = _clock();
            Settle(now, _rules.OnAnswer(now, ask, answer, _head), 0);
        }

        _answers.Clear();
    }

    /// <summary>One turn for every socket at which something waits.</summary>
    void TakeTurns()
    {
        for (var turns = _ready.Count; turns > 0; turns--)
        {
            var socket = _ready.Dequeue();
            socket.IsReady = false;
            switch (TakeTurn(_clock(), socket))
            {
                case Reception.Datagram:
                    socket.IsReady = true;
                    _ready.Enqueue(socket);
                    break;
                case Reception.Failed:
                    _watch.Remove(socket);
                    _resting.Enqueue((socket, _clock() + Rest));
                    break;
            }
        }
    }

    /// <summary>Does what is due.</summary>
    void KeepTime()
    {
        var now = _clock();
        while (_rules.NextDeadline is { } due && due <= now) Settle(now, _rules.OnDeadline(now, _head), 0);
        while (_resting.TryPeek(out var first) && first.Until <= now)
            if (_resting.Dequeue() is { Socket.Datagrams.IsClosed: false } rested)
                _watch.Add(rested.Socket);
    }

    /// <summary>How long the worker may sleep.</summary>
    TimeSpan Patience()
    {
        if (_ready.Count > 0) return TimeSpan.Zero;
        var longest = _awaited > 0 ? LightSleep : LongestSleep;
        if (_rules.NextDeadline is not { } due) return longest;
        // Rounded up to the milliseconds that a wait can tell apart, or the last of them would be spent looking.
        var left = Math.Ceiling((due - _clock()).TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Clamp(left, 0, longest.TotalMilliseconds));
    }

    void Close()
    {
        _stopping.Cancel();
        foreach (var listener in _listeners) listener.Datagrams.Dispose();
        _relays.Dispose();
        foreach (var (_, done) in _orders) done?.TrySetResult();
        _inbox.Close();
    }
}
