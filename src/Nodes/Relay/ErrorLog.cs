using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>Says an I/O error or a shortage once and is then silent about its like for a minute, however often it comes.</summary>
/// <remarks>Of one worker: not for use by two threads.</remarks>
sealed class ErrorLog(ILogger log, WorkerId worker)
{
    static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    readonly Dictionary<(string What, SocketError Error), Spell> _spells = [];

    public void Report(Instant now, string doing, SocketError error, TransportAddress local)
    {
        if (IsToSay(now, (doing, error), 1, out var unsaid))
            RelayLog.SystemRefused(log, worker.Value, doing, local, Sentence(error), unsaid);
    }

    /// <summary>Allocations were refused for lack of something, so many of them.</summary>
    public void Report(Instant now, Shortage shortage, long count)
    {
        var reason = Sentence(shortage);
        if (IsToSay(now, (reason, SocketError.Success), count, out var unsaid))
            RelayLog.AllocationsRefused(log, worker.Value, reason, unsaid);
    }

    static string Sentence(SocketError error) => error switch
    {
        SocketError.TooManyOpenSockets => "No file descriptor is left; raise ulimit -n (LimitNOFILE of systemd)",
        SocketError.NoBufferSpaceAvailable => "The system has no memory left for sockets",
        _ => $"{error}",
    };

    static string Sentence(Shortage shortage) => shortage switch
    {
        Shortage.Ports => "No relay port is left; give a wider range of relay ports, or another relay address",
        Shortage.Relays => "This worker has as many relays as it can have; start more workers",
        Shortage.Total => "There are as many allocations as the total quota allows",
        _ => "Memory is short",
    };

    bool IsToSay(Instant now, (string, SocketError) what, long count, out long unsaid)
    {
        var found = _spells.TryGetValue(what, out var spell);
        if (found && now < spell.Until)
        {
            _spells[what] = spell with { Unsaid = spell.Unsaid + count };
            unsaid = 0;
            return false;
        }

        unsaid = spell.Unsaid + count - 1;
        _spells[what] = new(now + Silence, 0);
        return true;
    }

    readonly record struct Spell(Instant Until, long Unsaid);
}
