using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>Says an I/O error once and is then silent about its like for a minute, however often it comes.</summary>
/// <remarks>Of one worker: not for use by two threads.</remarks>
sealed class ErrorLog(ILogger log, WorkerId worker)
{
    static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    readonly Dictionary<(string Doing, SocketError Error), Spell> _spells = [];

    public void Report(Instant now, string doing, SocketError error, TransportAddress local)
    {
        var found = _spells.TryGetValue((doing, error), out var spell);
        if (found && now < spell.Until)
        {
            _spells[(doing, error)] = spell with { Unsaid = spell.Unsaid + 1 };
            return;
        }

        RelayLog.SystemRefused(log, worker.Value, doing, local, error, spell.Unsaid);
        _spells[(doing, error)] = new(now + Silence, 0);
    }

    readonly record struct Spell(Instant Until, long Unsaid);
}
