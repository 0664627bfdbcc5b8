using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

sealed partial class RelayWorker
{
    // The longest datagram of IPv4 carries 65,507 bytes of payload, of IPv6 65,527; a jumbogram is not for TURN.
    const int LongestDatagram = 65535;

    // A received datagram has room before it for what the rules put in front, and behind it for padding: no copy of payload.
    const int Front = TurnServer.HeadSize;
    const int LongestPadding = 3;

    readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(Front + LongestDatagram + LongestPadding, pinned: true);
    readonly byte[] _head = GC.AllocateUninitializedArray<byte>(TurnServer.HeadSize + LongestPadding, pinned: true);

    /// <summary>Takes what waits at one socket, up to the budget; says what the last attempt to receive brought.</summary>
    Reception TakeTurn(Instant now, WorkerSocket socket)
    {
        for (var left = Budget; left > 0; left--)
        {
            var room = _buffer.AsSpan(Front, LongestDatagram);
            var reception = socket.Datagrams.Receive(room, out var length, out var from, out var error);
            if (reception == Reception.Failed) Lose(now, socket, error);
            if (reception != Reception.Datagram) return reception;
            _counters.Received++;
            socket.LastHeard = now;
            _watch.Heard(socket);
            if (socket.Listener is { } at) _counters.Listeners[at].CountReceived(length);
            ReadOnlySpan<byte> datagram = room[..length];
            Settle(now, socket.Listener is { } listener
                ? _rules.OnClient(now, new(new(from, socket.Datagrams.Local, ClientTransport.Udp), listener), datagram, _head)
                : _rules.OnPeer(now, socket.Relay, from, datagram, _head), Front);
        }

        return Reception.Datagram;
    }

    void Lose(Instant now, WorkerSocket socket, SocketError error)
    {
        _counters.ReceiveFailures++;
        _errors.Report(now, "a receive", error, socket.Datagrams.Local);
    }
}
