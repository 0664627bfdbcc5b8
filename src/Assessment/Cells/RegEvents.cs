using Portunus.Assessment.Links;
using Portunus.Sip;

namespace Portunus.Assessment.Cells;

/// <summary>
/// Looks at what eP-CSCF and core say to each other about registrations that the eP-CSCF watches (RFC 3680): a subscription comes after
/// the registration that it is about, and its messages are that registration's. For many threads.
/// </summary>
/// <remarks>It has the two links of Mw to itself from when it is made.</remarks>
sealed class RegEvents
{
    readonly Lock _gate = new();
    readonly Dictionary<string, Subscription> _subscriptions = []; // By Call-ID.
    readonly List<(int Told, TaskCompletionSource Waits)> _waiting = [];

    /// <summary>Subscriptions whose state came at least once, those that ended among them.</summary>
    public int Told
    {
        get
        {
            lock (_gate) return _subscriptions.Values.Count(one => one.IsTold);
        }
    }

    public RegEvents(DatagramLink mw, DatagramLink back)
    {
        mw.OnDatagram = (datagram, _) => OnSip(datagram.Span);
        back.OnDatagram = (datagram, _) => OnSip(datagram.Span);
    }

    /// <summary>Waits until <see cref="Told"/> is so many, and no request is on its way.</summary>
    public Task AtRestAsync(int told, CancellationToken stop)
    {
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (IsAtRest(told)) return Task.CompletedTask;
            _waiting.Add((told, waits));
        }

        return waits.Task.WaitAsync(stop);
    }

    void OnSip(ReadOnlySpan<byte> bytes)
    {
        if (!SipMessage.TryParse(bytes, out var message, out _)) return;
        if (message is not { CallId: { } call, CSeq: { } cseq, Method: SipMethod.Subscribe or SipMethod.Notify }) return;
        lock (_gate)
        {
            if (!_subscriptions.TryGetValue(call, out var subscription))
            {
                // One that began before we looked is nobody's of ours.
                if (message is not { IsRequest: true, Method: SipMethod.Subscribe }) return;
                _subscriptions[call] = subscription = new();
            }

            subscription.On(message, cseq);
            foreach (var one in _waiting.Where(one => IsAtRest(one.Told)).ToArray())
            {
                _waiting.Remove(one);
                one.Waits.TrySetResult();
            }
        }
    }

    bool IsAtRest(int told) =>
        _subscriptions.Values.All(one => one.IsAtRest) && _subscriptions.Values.Count(one => one.IsTold) >= told;

    /// <summary>One dialog of SUBSCRIBE and NOTIFY, in which anything may be sent twice.</summary>
    sealed class Subscription
    {
        readonly HashSet<CSeq> _answered = [];
        readonly HashSet<CSeq> _open = [];
        bool _isRefused;

        /// <summary>The state came once, and will come again when it changes.</summary>
        public bool IsTold { get; private set; }

        public bool IsAtRest => _open.Count == 0 && (IsTold || _isRefused);

        public void On(SipMessage message, CSeq cseq)
        {
            if (message.IsRequest)
            {
                if (!_answered.Contains(cseq)) _open.Add(cseq);
            }
            else if (message.Status >= 200 && _open.Remove(cseq))
            {
                _answered.Add(cseq);
                IsTold |= cseq.Method == SipMethod.Notify && message.Status < 300;
                _isRefused |= cseq.Method == SipMethod.Subscribe && message.Status >= 300;
            }
        }
    }
}
