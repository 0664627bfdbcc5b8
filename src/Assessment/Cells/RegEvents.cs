using Portunus.Assessment.Links;
using Portunus.Sip;

namespace Portunus.Assessment.Cells;

/// <summary>
/// Looks at what eP-CSCF and core say to each other, and knows which registrations the eP-CSCF watches (RFC 3680): a subscription comes
/// after the registration that it is about, and its messages are that registration's. For many threads.
/// </summary>
/// <remarks>It has the two links of Mw to itself from when it is made.</remarks>
sealed class RegEvents
{
    const string Terminated = "terminated";

    readonly Lock _gate = new();
    readonly Dictionary<string, Subscription> _subscriptions = []; // By Call-ID.
    readonly List<(int Watched, TaskCompletionSource Waits)> _waiting = [];

    public RegEvents(DatagramLink mw, DatagramLink back)
    {
        mw.OnDatagram = (datagram, _) => OnSip(datagram.Span);
        back.OnDatagram = (datagram, _) => OnSip(datagram.Span);
    }

    /// <summary>Waits until so many registrations are watched, no fewer and no more, and nothing of that is on its way.</summary>
    public Task AtRestAsync(int watched, CancellationToken stop)
    {
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (IsAtRest(watched)) return Task.CompletedTask;
            _waiting.Add((watched, waits));
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
            foreach (var one in _waiting.Where(one => IsAtRest(one.Watched)).ToArray())
            {
                _waiting.Remove(one);
                one.Waits.TrySetResult();
            }
        }
    }

    bool IsAtRest(int watched) =>
        _subscriptions.Values.All(one => one.IsAtRest) && _subscriptions.Values.Count(one => one.IsWatched) == watched;

    /// <summary>One dialog of SUBSCRIBE and NOTIFY, in which anything may be sent twice.</summary>
    sealed class Subscription
    {
        readonly HashSet<CSeq> _answered = [];
        readonly HashSet<CSeq> _open = [];
        bool _isTold;
        bool _isLast;
        bool _isOver;

        /// <summary>The state came once, and will come again when it changes.</summary>
        public bool IsWatched => _isTold && !_isOver;

        public bool IsAtRest => _open.Count == 0 && (_isTold || _isOver);

        public void On(SipMessage message, CSeq cseq)
        {
            if (message.IsRequest)
            {
                if (!_answered.Contains(cseq)) _open.Add(cseq);
                _isLast |= cseq.Method == SipMethod.Notify
                    && message.Get(HeaderName.SubscriptionState)?.StartsWith(Terminated, StringComparison.OrdinalIgnoreCase) == true;
            }
            else if (message.Status >= 200 && _open.Remove(cseq))
            {
                _answered.Add(cseq);
                _isTold |= cseq.Method == SipMethod.Notify && message.Status < 300;
                // The core would not, or has ended it.
                _isOver |= cseq.Method == SipMethod.Subscribe ? message.Status >= 300 : _isLast;
            }
        }
    }
}
