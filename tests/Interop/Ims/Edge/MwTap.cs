using Portunus.Nodes.Mw;
using Portunus.Sip;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>Mw with somebody who listens: what the edge sent, and what came to it, while it passes.</summary>
/// <param name="inner">Carries it; owned.</param>
sealed class MwTap(IMw inner) : IMw
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly List<SipMessage> _sent = [];
    readonly List<SipMessage> _came = [];
    TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All that the edge sent to the core so far.</summary>
    public IReadOnlyList<SipMessage> Sent
    {
        get
        {
            lock (_sent) return [.. _sent];
        }
    }

    /// <summary>A message that the edge sends to the core, or has sent.</summary>
    public Task<SipMessage> SentAsync(Predicate<SipMessage> which) => FindAsync(_sent, which);

    /// <summary>A message that comes from the core, or came.</summary>
    public Task<SipMessage> CameAsync(Predicate<SipMessage> which) => FindAsync(_came, which);

    public void Start(MwDelivery deliver) => inner.Start((message, length, isTrusted) =>
    {
        Note(_came, message);
        return deliver(message, length, isTrusted);
    });

    public void Send(SipMessage message)
    {
        Note(_sent, message);
        inner.Send(message);
    }

    public void Taken(int length) => inner.Taken(length);

    public void Dispose() => inner.Dispose();

    void Note(List<SipMessage> heard, SipMessage message)
    {
        lock (_sent)
        {
            heard.Add(message.Copy());
            _more.TrySetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    async Task<SipMessage> FindAsync(List<SipMessage> heard, Predicate<SipMessage> which)
    {
        while (true)
        {
            Task more;
            lock (_sent)
            {
                if (heard.Find(which) is { } found) return found;
                more = _more.Task;
            }

            await more.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }
}
