using System.Collections.Concurrent;
using Portunus.Nodes.Mw;
using Portunus.Sip;

namespace Portunus.Tests.Io.Mw;

/// <summary>A node without a machine: it keeps what its end of Mw brings.</summary>
sealed class MwEnd : IDisposable
{
    readonly IMw _mw;
    readonly BlockingCollection<SipMessage> _received = [];

    public MwEnd(IMw mw)
    {
        _mw = mw;
        mw.Start((message, length, isTrusted) =>
        {
            IsTrusted = isTrusted;
            _received.Add(message);
            mw.Taken(length);
            return true;
        });
    }

    /// <summary>Whether the sender of the last message may vouch for users.</summary>
    public bool IsTrusted { get; private set; }

    public void Send(SipMessage message) => _mw.Send(message);

    /// <summary>The next message; a test that waits in vain should end.</summary>
    public SipMessage Receive()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        return _received.Take(patience.Token);
    }

    public bool HasNothing => _received.Count == 0;

    public void Dispose() => _mw.Dispose();
}
