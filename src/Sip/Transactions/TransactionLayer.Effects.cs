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
        foreach (var timer in Enum.GetValues<TransactionTimer>()) ((ITransactionUser)this).Disarm(from, timer);
        if (!_all.Remove(from.Id, out var entry)) return;
        if (from is ClientTransaction) _clients.Remove(KeyOf(entry.Path, from.Request));
        else _servers.Remove(ServerKeyOf(entry.Path, from.Request));
        if (_byPath.TryGetValue(entry.Path, out var ids) && ids.Remove(from.Id) && ids.Count == 0) _byPath.Remove(entry.Path);
        Tell(from, new TransactionEffect<TPath>.Ended(from.Id));
    }

    void Tell(Transaction from, TransactionEffect<TPath> effect)
    {
        if (!from.IsQuiet) _effects.Enqueue(effect);
    }

    static ServerKey ServerKeyOf(TPath path, SipMessage request)
    {
        var via = request.TopVia!;
        return new(path, via.Branch!, via.SentBy, request.Method);
    }
}
