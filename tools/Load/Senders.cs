using System.Diagnostics;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Stun;
using Portunus.Wic;

namespace Portunus.Load;

/// <summary>Clients, each with an allocation and a channel to the same peer, that send at a steady rate in turn.</summary>
sealed class Senders : IDisposable
{
    // Datagrams that are sent in one go; the rate is kept between these.
    const int Burst = 16;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly List<(Socket Socket, byte[] Message, TurnClient Client)> _clients = [];

    public Senders(TransportAddress server, string user, string password, TransportAddress peer, int clients, int payload)
    {
        for (var i = 0; i < clients; i++)
        {
            var socket = new Socket(server.ToIPAddress().AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(server.ToIPEndPoint());
            var settings = new TurnClientSettings { Username = user, Password = password, Rfc5389Only = true };
            var client = new TurnClient(settings, new SystemRandom());
            var channel = Prepare(socket, client, peer);
            var message = new byte[ChannelData.HeaderLength + payload];
            ChannelData.WriteHeader(message, channel, payload);
            _clients.Add((socket, message, client));
        }
    }

    /// <summary>Sends for a while; returns how many datagrams that were.</summary>
    public long Run(int rate, TimeSpan time)
    {
        var sent = 0L;
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < time;)
        {
            if (sent > elapsed.TotalSeconds * rate)
            {
                Thread.Sleep(1);
                continue;
            }

            for (var i = 0; i < Burst; i++, sent++)
            {
                var (socket, message, _) = _clients[(int)(sent % _clients.Count)];
                socket.Send(message);
            }
        }

        return sent;
    }

    /// <summary>Gives the allocations back: the next run may get the same ports, and would be answered 437.</summary>
    public void Dispose()
    {
        foreach (var (socket, _, client) in _clients)
        {
            client.Release(SystemClock.Now);
            while (client.TryTake(out var effect))
                if (effect is TurnClientEffect.ToServer message)
                    socket.Send(message.Datagram.Span);
            socket.Dispose();
        }
    }

    /// <summary>Takes a client to its channel.</summary>
    static ChannelNumber Prepare(Socket socket, TurnClient client, TransportAddress peer)
    {
        var buffer = new byte[2048];
        client.Allocate(SystemClock.Now);
        for (var until = SystemClock.Now + Patience; SystemClock.Now < until; client.OnDeadline(SystemClock.Now))
        {
            while (client.TryTake(out var effect))
                switch (effect)
                {
                    case TurnClientEffect.ToServer message: socket.Send(message.Datagram.Span); break;
                    case TurnClientEffect.Allocated: client.Bind(SystemClock.Now, peer); break;
                    case TurnClientEffect.Admitted { Channel: { } channel }: return channel;
                    case TurnClientEffect.Failed failed: throw new InvalidOperationException($"{failed}");
                }

            if (socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead))
                client.OnServer(SystemClock.Now, buffer.AsSpan(0, socket.Receive(buffer)));
        }

        throw new TimeoutException("The server did not give a channel.");
    }
}
