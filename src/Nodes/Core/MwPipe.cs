using Microsoft.Extensions.Logging;
using Portunus.Sip;

namespace Portunus.Nodes.Core;

/// <summary>
/// One direction of Mw between an edge and a core in the same process. A message crosses as bytes, written by one side and
/// parsed by the other, so that neither sees an object of the other and the way is the one that a network would take.
/// </summary>
/// <param name="window">How many messages may be on their way; the next is lost, as a full socket would lose it.</param>
/// <param name="log">Takes what was lost.</param>
sealed class MwPipe(int window, ILogger log)
{
    int _underWay;

    /// <summary>Carries one message; false when it was lost.</summary>
    /// <param name="message">Stays with the caller.</param>
    /// <param name="deliver">Posts what was parsed to the other side; false when that has stopped.</param>
    public bool TrySend(SipMessage message, Func<SipMessage, bool> deliver)
    {
        if (Interlocked.Increment(ref _underWay) > window)
        {
            Interlocked.Decrement(ref _underWay);
            SignallingLog.MwFull(log, message.ToString());
            return false;
        }

        if (SipMessage.TryParse(message.ToBytes(), out var parsed, out var error))
        {
            if (deliver(parsed)) return true;
        }
        else
        {
            SignallingLog.MwMalformed(log, message.ToString(), error.Fault);
        }

        Interlocked.Decrement(ref _underWay);
        return false;
    }

    /// <summary>The other side has worked off one message.</summary>
    public void Taken() => Interlocked.Decrement(ref _underWay);
}
