using System.Numerics;

namespace Portunus.Sip;

public sealed partial class TransactionLayer<TPath>
{
    void ITransactionUser.Send(Transaction from, SipMessage message) => SendApart(_all[from.Id].Path, message);

    void ITransactionUser.Deliver(Transaction from, SipMessage message) => Tell(from, message.IsResponse
        ? new TransactionEffect<TPath>.Response(from.Id, message)
        : new TransactionEffect<TPath>.Ack(_all[from.Id].Path, message));

    void ITransactionUser.Overdue(Transaction from) => Tell(from, new TransactionEffect<TPath>.Overdue(from.Id));

    void ITransactionUser.Fail(Transaction from, TransactionFailure why) =>
        Tell(from, new TransactionEffect<TPath>.Failed(from.Id, why));

    void ITransactionUser.Arm(Transaction from, TransactionTimer timer, TimeSpan after)
    {
        from.Armed |= 1 << (int)timer;
        _timers.Set((from.Id, timer), _now + after);
    }

    void ITransactionUser.Disarm(Transaction from, TransactionTimer timer)
    {
        if ((from.Armed & (1 << (int)timer)) == 0) return;
        from.Armed &= ~(1 << (int)timer);
        _timers.Cancel((from.Id, timer));
    }

    void ITransactionUser.End(Transaction from)
    {
        for (; from.Armed != 0; from.Armed &= from.Armed - 1)
            _timers.Cancel((from.Id, (TransactionTimer)BitOperations.TrailingZeroCount(from.Armed)));
        if (!_all.Remove(from.Id, out var entry)) return;
        var key = new Key(entry.Path, from.Via.Branch!, from.Via.SentBy, from.Request.Method);
        if (from is ClientTransaction) _clients.Remove(key);
        else _servers.Remove(key);
        if (_byPath.TryGetValue(entry.Path, out var ids) && ids.Remove(from.Id) && ids.Count == 0) _byPath.Remove(entry.Path);
        Tell(from, new TransactionEffect<TPath>.Ended(from.Id));
    }

    void Tell(Transaction from, TransactionEffect<TPath> effect)
    {
        if (!from.IsQuiet) _effects.Enqueue(effect);
    }
}
