using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Nodes.Audit;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>
/// One thread with one <see cref="TurnServer"/>, its sockets and its inbox: it takes datagrams, asks the rules, and does what they say.
/// What leaves, leaves together: when all that were ready had their turn, and before the world is changed. The same over every
/// <see cref="IDataPath"/>.
/// </summary>
sealed partial class RelayWorker
{
    // How long a socket rests after the system reported an error that may repeat itself.
    static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    readonly LoopCounters _counters = new();
    readonly WorkerId _self;
    readonly TurnServer _rules;
    readonly Func<Instant> _clock;
    readonly ICredentialFinder? _finder;
    readonly ILogger _log;
    readonly ErrorLog _errors;
    readonly IAudit _audit;
    readonly IDataPath _path;
    readonly TurnCertificate? _certificate;
    readonly Inbox _inbox;
    readonly Watched[] _listeners;
    readonly RelaySockets _relays = new();
    readonly Queue<Watched> _ready = new();
    readonly Queue<(Watched Socket, Instant Until)> _resting = new();
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource _stopping = new();
    List<Inbox.Posted> _orders = [];
    List<Inbox.Answered> _answers = [];
    int _awaited;

    /// <param name="self">Its number.</param>
    /// <param name="rules">Called by this worker's thread alone.</param>
    /// <param name="path">Belongs to the worker from now on.</param>
    /// <param name="listeners">Bound, and those of streams listen; they belong to the worker from now on.</param>
    /// <param name="connections">Counts connections, with those of other workers, and what is shown to those that want TLS.</param>
    /// <param name="clock">The time.</param>
    /// <param name="finder">Asks edges; null where the rules never do.</param>
    /// <param name="log">Where <see cref="RelayLog"/> writes.</param>
    /// <param name="audit">Where beginnings and ends of allocations are written down.</param>
    /// <param name="colleague">Another worker of the same node, by its number.</param>
    public RelayWorker(
        WorkerId self, TurnServer rules, IDataPath path, IEnumerable<(TurnListener Listener, Socket Socket)> listeners,
        (ConnectionLedger Ledger, TurnCertificate? Certificate) connections, Func<Instant> clock, ICredentialFinder? finder, ILogger log,
        IAudit audit, Func<WorkerId, RelayWorker> colleague)
    {
        (_self, _rules, _path, _clock, _finder, _log) = (self, rules, path, clock, finder, log);
        (_errors, _audit, _colleague) = (new(log, self), audit, colleague);
        (_inbox, _carriage, _arrivals) = (new(path.Wake), new(path.Wake), new(path.Wake));
        (_ledger, _streams, _certificate) = (connections.Ledger, new(connections.Ledger), connections.Certificate);
        _listeners = Adopt([.. listeners]);
        foreach (var listener in _listeners.Distinct()) path.Watch(listener);
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
            while (!_inbox.IsToStop) Turn();

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
            CloseInDisorder();
            _ended.SetException(failure);
        }
    }

    /// <summary>After a failure, whatever is half done: who waits for the end must not wait for ever.</summary>
    void CloseInDisorder()
    {
        try
        {
            Close();
        }
        catch (Exception failure)
        {
            RelayLog.WorkerFailed(_log, _self.Value, failure);
        }
    }

    /// <summary>All that is to be done, then a wait for the next.</summary>
    internal void Turn()
    {
        Obey();
        TakeBrought();
        TakeArrivals();
        TakeTurns();
        KeepTime();
        var now = _clock();
        _path.Wait(now, Patience(), _awaited > 0 || now < _vigilantUntil, _ready);
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
            Settle(now, _rules.OnAnswer(now, ask, answer, _head));
        }

        _answers.Clear();
    }

    /// <summary>One turn for every socket at which something waits; then all that came of it leaves.</summary>
    void TakeTurns()
    {
        for (var turns = _ready.Count; turns > 0; turns--)
        {
            var socket = _ready.Dequeue();
            socket.IsReady = false;
            if (socket.IsClosed) continue;
            var now = _clock();
            var reception = socket switch
            {
                WorkerSocket datagrams => TakeTurn(now, datagrams),
                StreamDoor door => TakeTurn(now, door),
                RelayDoor door => TakeTurn(now, door),
                PeerStream peer => TakeTurn(now, peer),
                _ => TakeTurn(now, (ClientStream)socket),
            };
            switch (reception)
            {
                case Reception.Datagram:
                    socket.IsReady = true;
                    _ready.Enqueue(socket);
                    break;
                case Reception.Failed:
                    _path.Unwatch(socket);
                    _resting.Enqueue((socket, _clock() + Rest));
                    break;
            }
        }

        LetGo(_clock());
        if (_doomed.Count > 0) CloseDoomed(_clock());
    }

    /// <summary>Does what is due.</summary>
    void KeepTime()
    {
        var now = _clock();
        while (_rules.NextDeadline is { } due && due <= now) Settle(now, _rules.OnDeadline(now, _head));
        LookAtSplices(now);
        LookAtStreams(now);
        SayShortages(now);
        while (_resting.TryPeek(out var first) && first.Until <= now)
            if (_resting.Dequeue() is { Socket.IsClosed: false } rested)
                _path.Watch(rested.Socket);
    }

    /// <summary>How long the worker may sleep; null as long as nobody wakes it.</summary>
    TimeSpan? Patience()
    {
        if (_ready.Count > 0) return TimeSpan.Zero;
        var rested = _resting.TryPeek(out var first) ? first.Until : (Instant?)null;
        return Instant.Earliest(_rules.NextDeadline, _streams.NextDeadline, _spliceTimes.Next, rested) - _clock();
    }

    void Close()
    {
        _stopping.Cancel();
        foreach (var listener in _listeners.Distinct())
        {
            (listener as StreamDoor)?.Dispose();
            (listener as WorkerSocket)?.Datagrams.Dispose();
        }

        _streams.Dispose();
        CloseAllPeers();
        _relays.Dispose();
        foreach (var (_, done) in _orders) done?.TrySetResult();
        _inbox.Close();
        _carriage.Close();
        _arrivals.Close();
        _path.Dispose(); // When nobody can wake it any more.
    }
}
