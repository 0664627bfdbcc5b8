using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Transport;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// Datagrams that come: of clients at a listener, of peers at a relay.
sealed partial class RelayWorker
{
    // How many datagrams one socket may bring before the next has its turn.
    const int Budget = 32;

    // How many are received before all that came of them leaves.
    const int Slots = 2 * Budget;

    const int LongestPadding = 3;

    // A received datagram has room before it for what the rules put in front, and behind it for padding: no copy of payload.
    readonly DatagramBatch _batch = new(Slots, TurnServer.HeadSize, LongestPadding);
    readonly byte[] _head = new byte[TurnServer.HeadSize];

    /// <summary>Takes what waits at one socket, up to the budget; says what the last attempt to receive brought.</summary>
    Reception TakeTurn(Instant now, WorkerSocket socket)
    {
        if (_batch.Free < Budget) LetGo(now);
        var first = _batch.Count;
        // What a session makes of a datagram takes another slot.
        var most = socket.Dtls is null ? Budget : _batch.Free / 2;
        var reception = socket.Datagrams.Receive(_batch, most, out var error);
        if (reception is Reception.Failed or Reception.Nothing && _batch.Count == first && TakeErrors(now, socket))
            return Reception.Datagram;
        if (reception == Reception.Failed) Lose(now, error, socket.Datagrams.Local);
        var end = _batch.Count;
        for (var slot = first; slot < end; slot++)
        {
            var datagram = _batch.Datagram(slot);
            if (socket.Dtls is { } door && door.IsFor(datagram))
            {
                Hear(now, socket, door, slot);
                continue;
            }

            _counters.Received++;
            ref readonly var from = ref _batch.Sender(slot);
            if (socket.Listener is { } at) _counters.Listeners[at].CountReceived(datagram.Length);
            Settle(now, socket.Listener is { } listener
                ? _rules.OnClient(now, new(new(from, socket.Datagrams.Local, ClientTransport.Udp), listener), datagram, _head)
                : _rules.OnPeer(now, socket.Relay, from, datagram, _head), _batch.Start(slot), _batch.Start(slot));
        }

        return reception;
    }

    Reception Lose(Instant now, SocketError error, in TransportAddress local)
    {
        _counters.ReceiveFailures++;
        _errors.Report(now, "a receive", error, local);
        return Reception.Failed;
    }
}
