using System.Net;
using System.Net.Sockets;
using Portunus.Sip;

namespace Portunus.Nodes.Mw;

public sealed partial class MwSockets
{
    /// <summary>The connection to a neighbour's listener, new or just made by another thread; null when there is no room.</summary>
    MwConnection? Connect(IPEndPoint to)
    {
        if (_connections.Count >= _settings.Connections || _stopped.IsCancellationRequested) return null;
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var connection = new MwConnection(this, to, socket, _settings);
        var first = _connections.GetOrAdd(to, connection);
        if (first != connection)
        {
            socket.Dispose();
            return first;
        }

        try
        {
            // From the address that neighbours know us by.
            if (!LocalEndPoint.Address.Equals(IPAddress.Any) && !LocalEndPoint.Address.Equals(IPAddress.IPv6Any))
                socket.Bind(new IPEndPoint(LocalEndPoint.Address, 0));
        }
        catch (SocketException)
        {
            // Without a free port the connection fails, and says so.
        }

        _ = Task.Run(connection.RunAsync);
        return connection;
    }

    internal void Reached(MwConnection connection) => _resting.TryRemove(connection.Peer, out _);

    internal void Ended(MwConnection connection, bool reached)
    {
        _connections.TryRemove(new(connection.Peer, connection));
        if (reached || _stopped.IsCancellationRequested) return;
        // Neighbours are few; a core whose ports change for ever must not fill the table.
        if (_resting.Count >= _settings.Connections) _resting.Clear();
        var wait = _resting.TryGetValue(connection.Peer, out var rest) ? rest.Wait * 2 : _settings.Rest;
        if (wait > _settings.LongestRest) wait = _settings.LongestRest;
        _resting[connection.Peer] = (SystemClock.Now + wait, wait);
        if (_breaks.TryTake()) SignallingLog.MwUnreachable(_log, connection.Peer);
    }

    internal void Broken(MwConnection connection)
    {
        if (_breaks.TryTake()) SignallingLog.MwBroken(_log, connection.Peer);
    }

    /// <summary>A whole message of a connection; waits until there is room for it. False when nobody takes it.</summary>
    internal async ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> bytes, MwConnection from, CancellationToken stop)
    {
        if (!SipMessage.TryParse(bytes.Span, out var message, out _))
        {
            Broken(from);
            return false;
        }

        await _window.EnterAsync(bytes.Length, stop);
        return Deliver(message, bytes.Length, from.Peer, isStream: true);
    }

    async Task AcceptAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _tcp.AcceptAsync(_stopped.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The peer gave up first, or no descriptor is left: the next may do better, and not at once.
                await Task.Delay(100, CancellationToken.None);
                continue;
            }

            if (socket.RemoteEndPoint is not IPEndPoint peer || !IsWelcome(peer))
            {
                socket.Dispose();
                continue;
            }

            var connection = new MwConnection(this, peer, socket, _settings);
            if (_connections.TryAdd(peer, connection)) _ = Task.Run(connection.RunAsync);
            else socket.Dispose();
        }
    }

    bool IsWelcome(IPEndPoint peer)
    {
        if (!_neighbours.Has(peer.Address))
        {
            if (_strangers.TryTake()) SignallingLog.MwStranger(_log, peer.Address);
            return false;
        }

        return _connections.Count < _settings.Connections;
    }
}
