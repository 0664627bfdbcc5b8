using Microsoft.Extensions.Logging;
using Portunus.Sip;

namespace Portunus.Nodes.Mw;

/// <summary>
/// An end of Mw between an edge and a core in the same process. A message crosses as bytes, written by one side and
/// parsed by the other, so that neither sees an object of the other and the way is the one that a network would take.
/// </summary>
public sealed class MwPipe : IMw
{
    readonly string _name;
    readonly ILogger _log;
    readonly MwWindow _window = new();
    readonly OnceAMinute _complaints = new();
    MwPipe _other = null!;
    volatile MwDelivery? _deliver;

    MwPipe(string name, ILogger log) => (_name, _log) = (name, log);

    /// <summary>Both ends; each belongs to its node.</summary>
    /// <param name="log">Takes what was lost.</param>
    public static (IMw Edge, IMw Core) Create(ILogger log)
    {
        MwPipe edge = new("to the edge", log), core = new("to the core", log);
        (edge._other, core._other) = (core, edge);
        return (edge, core);
    }

    public void Start(MwDelivery deliver) => _deliver = deliver;

    public void Send(SipMessage message) => _other.Receive(message);

    public void Taken(int length) => _window.Leave(length);

    public void Dispose() => _deliver = null;

    void Receive(SipMessage message)
    {
        var bytes = message.ToBytes();
        if (!SipMessage.TryParse(bytes, out var parsed, out var error)) Lose(error.Fault.ToString(), message);
        else if (!_window.TryEnter(bytes.Length)) Lose("the other side is too slow", message);
        else if (_deliver?.Invoke(parsed, bytes.Length, isTrusted: true) is not true) Taken(bytes.Length);
    }

    /// <summary>Says so once a minute: who sends too much sends often.</summary>
    void Lose(string reason, SipMessage message)
    {
        if (!_complaints.TryTake()) return;
        SignallingLog.MwLost(_log, _name, reason, message.IsRequest ? message.Method : $"{message.Status}");
    }
}
