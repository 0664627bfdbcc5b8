using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Transport;
using Portunus.Transport.Tls;

namespace Portunus.Nodes.Relay;

// How a connection begins. Behind a balancer a header says whose it is; where tcp and tls have one port, its first byte says what it
// speaks.
sealed partial class RelayWorker
{
    // How many connections are taken at a door before the next has its turn.
    const int DoorBudget = 16;

    // The type of a record of the handshake (RFC 8446 §5.1), by which a connection of TLS begins. A STUN message has 0 to 3 there.
    const byte TlsHandshake = 0x16;

    Reception TakeTurn(Instant now, StreamDoor door)
    {
        for (var left = DoorBudget; left > 0; left--)
        {
            if (StreamSocket.TryAccept(door.Descriptor, out var error) is { } socket) Welcome(now, door, socket);
            else if (error == SocketError.WouldBlock) return Reception.Nothing;
            // A client that went away before it was its turn is no error of ours.
            else if (error is not (SocketError.ConnectionAborted or SocketError.Interrupted))
                return Lose(now, error, door.Address);
        }

        return Reception.Datagram;
    }

    void Welcome(Instant now, StreamDoor door, StreamSocket socket)
    {
        var isNamed = !_ledger.IsBalancer(socket.Remote);
        if (Lacks(now, socket.Descriptor, door.Address) || !(isNamed ? _ledger.TryAdmit(socket.Remote) : _ledger.TryAdmitNameless()))
        {
            _counters.StreamsRefused++;
            socket.Dispose();
            return;
        }

        var tuple = new FiveTuple(socket.Remote, door.Address, door.Only ?? ClientTransport.Tcp);
        var stream = new ClientStream(socket, new(tuple, _listeners.Length + _streams.NextNumber), door, isNamed);
        _streams.Add(now, stream);
        _path.Watch(stream);
        _counters.StreamsAccepted++;
        if (isNamed && door.Only is { } transport) Begin(now, stream, transport);
    }

    /// <summary>Takes what stands before the messages. False when nothing is left of a piece for now.</summary>
    bool TakePreface(Instant now, ClientStream stream, ref ReadOnlySpan<byte> piece)
    {
        if (!stream.IsNamed && !TakeHeader(stream, ref piece)) return false;
        if (stream.Entrance.Only is { } only) Begin(now, stream, only);
        else if (!piece.IsEmpty) Begin(now, stream, piece[0] == TlsHandshake ? ClientTransport.Tls : ClientTransport.Tcp);
        return !piece.IsEmpty;
    }

    /// <summary>False when the header is not whole yet, or the connection is to be closed.</summary>
    bool TakeHeader(ClientStream stream, ref ReadOnlySpan<byte> piece)
    {
        // It is read from its beginning each time; as long as it is not whole it is shorter than the longest.
        var before = stream.Header.Length;
        var bytes = piece[..Math.Min(piece.Length, ProxyHeader.MostLength)];
        if (before > 0)
        {
            stream.Header.Add(bytes);
            bytes = stream.Header.Waiting;
        }

        var reading = ProxyHeader.Read(bytes, out var client, out _, out var length);
        switch (reading)
        {
            case ProxyReading.Incomplete:
                if (before == 0) stream.Header.Add(bytes);
                return false;
            case ProxyReading.Malformed:
                _counters.HeadersRefused++;
                Doom(stream);
                return false;
            case ProxyReading.Balancer:
                client = stream.Path.FiveTuple.Client;
                break;
        }

        if (!_ledger.TryName(client))
        {
            _counters.StreamsRefused++;
            Doom(stream);
            return false;
        }

        piece = piece[(length - before)..];
        stream.Name(client);
        return true;
    }

    void Begin(Instant now, ClientStream stream, ClientTransport transport)
    {
        stream.Speak(transport);
        Register(now, stream);
        var isSecure = transport == ClientTransport.Tls;
        stream.Begin(isSecure ? new TlsSession(stream.Entrance.Certificate!.Streams, now, _ledger.Limits.MostWaiting) : null);
    }

    void Register(Instant now, ClientStream stream)
    {
        if (_ledger.Register(stream) is not { } former) return;
        _counters.StreamsReplaced++;
        // Another worker hears of it by the connection's end. Here its allocation must be gone before the first message of the new one,
        // since the rules know both by one five-tuple.
        if (!_streams.Has(former.Path.Listener - _listeners.Length, former)) return;
        Flush(now);
        Doom(former);
        CloseDoomed(now);
    }
}
