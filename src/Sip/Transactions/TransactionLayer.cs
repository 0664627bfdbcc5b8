using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;

namespace Portunus.Sip;

/// <summary>
/// All transactions of one machine, client and server (RFC 3261 §17, RFC 6026): messages, orders and time go in, effects
/// come out. After each call its user takes effects until there are none, and calls <see cref="OnDeadline"/> when
/// <see cref="NextDeadline"/> has come.
/// </summary>
/// <remarks>
/// Whether a transport is reliable is read from the top Via. A message handed in to be sent is not edited afterwards: it may
/// be sent again. A request that came out may be edited and forwarded: the layer keeps its own. A path is part of what a
/// message is matched by, so that one neighbour cannot touch another's transactions; branches of RFC 2543 (without the
/// magic cookie) match nothing and are dropped.
/// </remarks>
/// <typeparam name="TPath">How the user names a way to a neighbour: compared by value.</typeparam>
public sealed partial class TransactionLayer<TPath> : ITransactionUser where TPath : notnull
{
    readonly TransactionSettings _settings;
    readonly Dictionary<TransactionId, (Transaction Machine, TPath Path)> _all = [];
    readonly Dictionary<Key, ClientTransaction> _clients = [];
    readonly Dictionary<Key, ServerTransaction> _servers = [];
    readonly Dictionary<TPath, HashSet<TransactionId>> _byPath = [];
    readonly Deadlines<(TransactionId Id, TransactionTimer Timer)> _timers = new();
    readonly Queue<TransactionEffect<TPath>> _effects = [];
    Instant _now;
    ulong _last;

    /// <exception cref="ArgumentException">Settings that no layer can work with.</exception>
    public TransactionLayer(TransactionSettings? settings = null)
    {
        _settings = settings ?? new();
        _settings.Validate();
    }

    /// <summary>Open transactions.</summary>
    public int Count => _all.Count;

    public Instant? NextDeadline => _timers.Next;

    TransactionSettings ITransactionUser.Settings => _settings;

    /// <summary>Open transactions of one path: what a user bounds per neighbour.</summary>
    public int CountOf(TPath path) => _byPath.TryGetValue(path, out var ids) ? ids.Count : 0;

    /// <summary>Takes the oldest effect.</summary>
    public bool TryTake([NotNullWhen(true)] out TransactionEffect<TPath>? effect) => _effects.TryDequeue(out effect);

    /// <summary>Fires every timer that is due.</summary>
    public void OnDeadline(Instant now)
    {
        _now = now;
        while (_timers.TryPop(now, out var due))
        {
            if (!_all.TryGetValue(due.Id, out var entry)) continue;
            entry.Machine.Armed &= ~(1 << (int)due.Timer);
            entry.Machine.OnTimer(due.Timer);
        }
    }

    /// <summary>
    /// A connection is gone, and with it every transaction on it: clients fail, servers end (§17.1.4, §17.2.4).
    /// </summary>
    public void OnPathClosed(Instant now, TPath path)
    {
        _now = now;
        if (!_byPath.TryGetValue(path, out var ids)) return;
        foreach (var id in ids.Order(Comparer<TransactionId>.Create((a, b) => a.Value.CompareTo(b.Value))).ToArray())
            if (_all.TryGetValue(id, out var entry)) entry.Machine.OnTransportError();
    }

    /// <summary>Sends what has no transaction: the ACK of a 2xx.</summary>
    public void SendApart(TPath path, SipMessage message) =>
        _effects.Enqueue(new TransactionEffect<TPath>.ToTransport(path, message));

    void Open(Transaction machine, TPath path)
    {
        _all.Add(machine.Id, (machine, path));
        if (!_byPath.TryGetValue(path, out var ids)) _byPath.Add(path, ids = []);
        ids.Add(machine.Id);
    }

    /// <summary>
    /// What a message is matched by (§17.1.3, §17.2.3): branch, sent-by and method of its top Via and CSeq, an ACK by the
    /// method of its INVITE; and the path that it must come from.
    /// </summary>
    readonly record struct Key(TPath Path, string Branch, HostPort SentBy, string Method);
}
