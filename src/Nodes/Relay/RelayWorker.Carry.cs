using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// Clients that one worker hears and another one serves (RFC 8016). What is carried is copied; nobody else pays for it.
sealed partial class RelayWorker
{
    // How long a worker whose data path cannot be woken looks often, after something was carried: media come every 20 ms.
    static readonly TimeSpan Vigilance = TimeSpan.FromSeconds(1);

    readonly Carriage _carriage;
    readonly Func<WorkerId, RelayWorker> _colleague;
    List<Carried> _brought = [];
    Instant _vigilantUntil;

    // Whether one was lost since the flag was put down.
    bool _hasLostOrder;

    /// <summary>Does what other workers brought.</summary>
    void TakeBrought()
    {
        if (!_carriage.TryTake(ref _brought)) return;
        foreach (var one in _brought)
        {
            var now = _clock();
            if (_batch.Free == 0) LetGo(now);
            switch (one.Kind)
            {
                case CarriedKind.FromClient:
                    Serve(now, one);
                    break;
                case CarriedKind.ToClient:
                    Deliver(now, one);
                    break;
                default:
                    Flush(now);
                    _rules.OnOrder(now, one.Order!);
                    while (_rules.TryTake(out var effect)) Perform(now, effect);
                    break;
            }

            one.Dispose();
        }

        _brought.Clear();
        LetGo(_clock());
        BeVigilant(_clock());
    }

    /// <summary>A message of a client that another worker hears.</summary>
    void Serve(Instant now, in Carried one)
    {
        var start = Room(now);
        one.Message.CopyTo(_batch.Bytes[start..]);
        var forward = _rules.OnCarried(now, one.Path, _batch.Bytes.Slice(start, one.Length), _head);
        if (forward.Kind != ForwardKind.ToClient)
        {
            Settle(now, forward, start, start);
            return;
        }

        // A reply goes the way of its request, behind the orders that belong to it: when a client reads that it has moved, who hears it
        // knows that it has.
        Flush(now);
        _hasLostOrder = false;
        while (_rules.TryTake(out var effect)) Perform(now, effect);
        // Then it is asked again, and the order given again.
        if (_hasLostOrder) return;
        var reply = Join(forward, start, start, default);
        Bring(now, one.From, CarriedKind.ToClient, forward.Path, _batch.Bytes.Slice(reply.Offset, reply.Length));
    }

    /// <summary>A message for a client that is heard here.</summary>
    void Deliver(Instant now, in Carried one)
    {
        if (one.Path.Listener < _listeners.Length)
        {
            var room = Room(now);
            one.Message.CopyTo(_batch.Bytes[room..]);
            _outbox.Add((WorkerSocket)_listeners[one.Path.Listener], new(room, one.Length, one.Path.FiveTuple.Client, DontFragment: false));
        }
        else if (_streams.TryGet(one.Path.Listener - _listeners.Length, one.Path.FiveTuple, out var stream) && !stream.IsDoomed)
        {
            Send(now, one.Path, one.Message);
        }
        else
        {
            // Whoever has the allocation did not hear of the end of the connection, or has not yet.
            Bring(one.From, new TurnOrder.Lose(one.Path));
        }
    }

    /// <summary>A client's message goes to the worker that has its allocation.</summary>
    void Carry(Instant now, in Forward forward, int start) =>
        Bring(now, forward.Worker, CarriedKind.FromClient, forward.Path, _batch.Bytes.Slice(start, forward.Payload.Length));

    void Bring(Instant now, WorkerId to, CarriedKind kind, in ClientPath path, ReadOnlySpan<byte> message)
    {
        if (_colleague(to)._carriage.TryBring(_self, kind, path, message)) _counters.Carried++;
        else _counters.CarriedLost++;
        BeVigilant(now);
    }

    void Bring(WorkerId to, TurnOrder order) => _hasLostOrder |= !_colleague(to)._carriage.TryBring(_self, order);

    void BeVigilant(Instant now) => _vigilantUntil = now + Vigilance;
}
