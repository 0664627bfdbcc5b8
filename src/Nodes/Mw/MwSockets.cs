using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Nodes.Mw;

/// <summary>
/// Mw over UDP and TCP (RFC 3261 §18): one port for both, neighbours alone, connections made when they are needed and used
/// again while they last.
/// </summary>
public sealed partial class MwSockets : IMw
{
    readonly MwSettings _settings;
    readonly ILogger _log;
    readonly Socket _udp;
    readonly Socket _tcp;
    readonly MwNames _names;
    readonly MwNeighbours _neighbours;
    readonly MwWindow _window = new();
    readonly OnceAMinute _losses = new();
    readonly OnceAMinute _strangers = new();
    readonly OnceAMinute _breaks = new();
    readonly ConcurrentDictionary<IPEndPoint, MwConnection> _connections = new();
    readonly ConcurrentDictionary<IPEndPoint, (Instant Until, TimeSpan Wait)> _resting = new();
    readonly CancellationTokenSource _stopped = new();
    volatile MwDelivery? _deliver;

    MwSockets(MwSettings settings, Socket udp, Socket tcp, ILogger log)
    {
        (_settings, _udp, _tcp, _log) = (settings, udp, tcp, log);
        LocalEndPoint = (IPEndPoint)tcp.LocalEndPoint!;
        _names = new(tcp.AddressFamily);
        _neighbours = new(settings, _names);
    }

    /// <summary>With the real port.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Takes the port for UDP and TCP; nothing is read before <see cref="Start"/>.</summary>
    /// <param name="settings">Where, and with whom.</param>
    /// <param name="log">Takes what was lost, and who was refused.</param>
    /// <exception cref="RefusedException">The address cannot be had.</exception>
    public static MwSockets Bind(MwSettings settings, ILogger log)
    {
        var (udp, tcp) = BindBoth(settings);
        return new(settings, udp, tcp, log);
    }

    public void Start(MwDelivery deliver)
    {
        _deliver = deliver;
        // So that the next hop is known as a neighbour before we have sent it anything.
        if (_settings.NextHop is { } next) _ = Task.Run(() => _names.FindAsync(next.Host, _stopped.Token));
        _ = Task.Run(ReceiveAsync);
        _ = Task.Run(AcceptAsync);
    }

    public void Taken(int length) => _window.Leave(length);

    /// <summary>Closes the port and every connection.</summary>
    public void Dispose()
    {
        _deliver = null;
        _stopped.Cancel();
        _udp.Dispose();
        _tcp.Dispose();
        foreach (var connection in _connections.Values) connection.End();
    }
}
