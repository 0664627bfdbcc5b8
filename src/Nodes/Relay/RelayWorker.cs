using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
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

    readonly WorkerId _self;
    readonly TurnServer _rules;
    readonly Func<Instant> _clock;
    readonly ILogger _log;
    readonly ErrorLog _errors;
    readonly Inbox _inbox = new();
    readonly WorkerSocket[] _listeners;
    readonly RelaySockets _relays = new();
    readonly Queue<WorkerSocket> _ready = new();
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<WorkerSocket> _resting = [];
    List<WorkerSocket> _arrivals = [];
    List<TurnOrder> _orders = [];

    /// <param name="self">Its number.</param>
    /// <param name="rules">Called by this worker's thread alone.</param>
    /// <param name="listeners">Bound, one for each listening address; they belong to the worker from now on.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Where <see cref="RelayLog"/> writes.</param>
    public RelayWorker(WorkerId self, TurnServer rules, IEnumerable<Socket> listeners, Func<Instant> clock, ILogger log)
    {
        (_self, _rules, _clock, _log, _errors) = (self, rules, clock, log, new(log, self));
        _listeners = [.. listeners.Select((socket, n) =>
            WorkerSocket.ForClients(_inbox, n, arrived => new UdpDatagrams(socket, arrived)))];
    }

    public LoopCounters Counters { get; } = new();

    public TurnCounters Decisions => _rules.Counters;

    /// <summary>Ends when the worker has; fails when the worker did.</summary>
    public Task Ended => _ended.Task;

    public void Start() => new Thread(Run) { Name = $"TURN worker {_self}", IsBackground = true }.Start();

    /// <summary>Gives an order; false when the worker has too many already.</summary>
    public bool TryPost(TurnOrder order) => _inbox.TryPost(order);

    /// <summary>Returns at once; <see cref="Ended"/> says when it is done.</summary>
    public void Stop() => _inbox.Stop();

    void Run()
    {
        try
        {
            foreach (var listener in _listeners) _ready.Enqueue(listener);
            do
                TakeTurns();
            while (_inbox.Take(ref _arrivals, ref _orders, Patience()));
            Close();
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

    /// <summary>What was ordered, one turn for every socket at which something waits, then what is due.</summary>
    void TakeTurns()
    {
        foreach (var order in _orders) Obey(order);
        _orders.Clear();
        foreach (var socket in _arrivals) _ready.Enqueue(socket);
        _arrivals.Clear();
        for (var turns = _ready.Count; turns > 0; turns--)
        {
            var socket = _ready.Dequeue();
            switch (TakeTurn(socket))
            {
                case Reception.Datagram: _ready.Enqueue(socket); break;
                case Reception.Failed: _resting.Add(socket); break;
            }
        }

        var now = _clock();
        while (_rules.NextDeadline is { } due && due <= now) Settle(now, _rules.OnDeadline(now, _head), 0);
    }

    void Obey(TurnOrder order)
    {
        _rules.OnOrder(_clock(), order);
        while (_rules.TryTake(out var effect)) Perform(_clock(), effect);
    }

    /// <summary>How long the worker may sleep: until the rules have something to do, or a socket has rested.</summary>
    TimeSpan Patience()
    {
        if (_ready.Count > 0) return TimeSpan.Zero;
        var patience = Timeout.InfiniteTimeSpan;
        if (_rules.NextDeadline is { } due)
        {
            // Rounded up to the milliseconds that a wait can tell apart, or the last of them would be spent looking.
            var left = Math.Ceiling((due - _clock()).TotalMilliseconds);
            patience = TimeSpan.FromMilliseconds(Math.Clamp(left, 0, TimeSpan.FromHours(1).TotalMilliseconds));
        }

        if (_resting.Count == 0) return patience;
        foreach (var socket in _resting) _ready.Enqueue(socket);
        _resting.Clear();
        return patience == Timeout.InfiniteTimeSpan || patience > Rest ? Rest : patience;
    }

    void Close()
    {
        foreach (var listener in _listeners) listener.Datagrams.Dispose();
        _relays.Dispose();
    }
}
