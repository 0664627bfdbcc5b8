using System.Diagnostics;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Wic;

namespace Portunus.Load;

/// <summary>Clients, each with an allocation and a channel to the same peer, that send at a steady rate in turn.</summary>
sealed class Senders : IDisposable
{
    // Datagrams that are sent in one go; the rate is kept between these.
    const int Burst = 16;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly List<(ClientWire Wire, byte[] Message, TurnClient Client)> _clients = [];

    public Senders(TurnListener server, string user, string password, TransportAddress peer, int clients, int payload)
    {
        for (var i = 0; i < clients; i++)
        {
            var wire = ClientWire.Connect(server.Transport, server.Address.ToIPEndPoint());
            var settings = new TurnClientSettings { Username = user, Password = password, Rfc5389Only = true };
            var client = new TurnClient(settings, new SystemRandom());
            var channel = Prepare(wire, client, peer);
            var message = new byte[ChannelData.HeaderLength + payload + (server.IsStream ? ChannelData.PaddingOf(payload) : 0)];
            ChannelData.WriteHeader(message, channel, payload);
            _clients.Add((wire, message, client));
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
                var (wire, message, _) = _clients[(int)(sent % _clients.Count)];
                wire.Send(message);
            }
        }

        return sent;
    }

    /// <summary>Gives the allocations back: the next run may get the same ports, and would be answered 437.</summary>
    public void Dispose()
    {
        foreach (var (wire, _, client) in _clients)
        {
            client.Release(SystemClock.Now);
            while (client.TryTake(out var effect))
                if (effect is TurnClientEffect.ToServer message)
                    wire.Send(message.Datagram.Span);
            wire.Dispose();
        }
    }

    /// <summary>Takes a client to its channel.</summary>
    static ChannelNumber Prepare(ClientWire wire, TurnClient client, TransportAddress peer)
    {
        client.Allocate(SystemClock.Now);
        for (var until = SystemClock.Now + Patience; SystemClock.Now < until; client.OnDeadline(SystemClock.Now))
        {
            while (client.TryTake(out var effect))
                switch (effect)
                {
                    case TurnClientEffect.ToServer message: wire.Send(message.Datagram.Span); break;
                    case TurnClientEffect.Allocated: client.Bind(SystemClock.Now, peer); break;
                    case TurnClientEffect.Admitted { Channel: { } channel }: return channel;
                    case TurnClientEffect.Failed failed: throw new InvalidOperationException($"{failed}");
                }

            var heard = wire.Receive(TimeSpan.FromMilliseconds(100));
            if (!heard.IsEmpty) client.OnServer(SystemClock.Now, heard);
        }

        throw new TimeoutException("The server did not give a channel.");
    }
}
