using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Nodes.Core;

/// <summary>
/// One direction of Mw between an edge and a core in the same process. A message crosses as bytes, written by one side and
/// parsed by the other, so that neither sees an object of the other and the way is the one that a network would take.
/// </summary>
/// <param name="name">Of the direction, for the log.</param>
/// <param name="log">Takes what was lost.</param>
sealed class MwPipe(string name, ILogger log)
{
    // Bytes under way; what is beyond is lost, as a full socket would lose it. A thousand of the longest calls' INVITEs.
    const int Window = 16 * 1024 * 1024;

    readonly OnceAMinute _complaints = new();
    int _underWay;

    /// <summary>Carries one message, or loses it.</summary>
    /// <param name="message">Stays with the caller.</param>
    /// <param name="deliver">Posts what was parsed, and its length, to the other side; false when that has stopped.</param>
    public void Send(SipMessage message, Func<SipMessage, int, bool> deliver)
    {
        var bytes = message.ToBytes();
        if (Interlocked.Add(ref _underWay, bytes.Length) > Window) Lose(bytes.Length, "the other side is too slow", message);
        else if (!SipMessage.TryParse(bytes, out var parsed, out var error)) Lose(bytes.Length, error.Fault.ToString(), message);
        else if (!deliver(parsed, bytes.Length)) Taken(bytes.Length);
    }

    /// <summary>The other side has worked off a message.</summary>
    /// <param name="length">In bytes, as it was delivered with.</param>
    public void Taken(int length) => Interlocked.Add(ref _underWay, -length);

    /// <summary>Says so once a minute: who sends too much sends often.</summary>
    void Lose(int length, string reason, SipMessage message)
    {
        Taken(length);
        if (!_complaints.TryTake()) return;
        SignallingLog.MwLost(log, name, reason, message.IsRequest ? message.Method : $"{message.Status}");
    }
}
