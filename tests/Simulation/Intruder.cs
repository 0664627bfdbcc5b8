using Portunus.Bedrock;
using Portunus.Simulation;
using Portunus.Wic;

namespace Portunus.Tests.Simulation;

/// <summary>Somebody without a credential: garbage to the server, datagrams to relays, made-up names and passwords.</summary>
sealed class Intruder(TransportAddress host, TransportAddress turn, SeededRandom random, Facts facts) : INode
{
    readonly Queue<Parcel> _leaving = new();
    readonly Dictionary<ushort, TurnClient> _clients = [];
    ushort _lastPort = 20_000;

    public Instant? NextDeadline
    {
        get
        {
            Instant? next = null;
            foreach (var client in _clients.Values)
                if (client.NextDeadline is { } due && (next is null || due < next)) next = due;
            return next;
        }
    }

    /// <summary>Asks for a relay with this name and password.</summary>
    public void TryName(Instant now, string username, string password)
    {
        var client = new TurnClient(new TurnClientSettings { Username = username, Password = password }, random.Fork());
        _clients.Add(++_lastPort, client);
        client.Allocate(now);
        Drain();
    }

    /// <summary>Sends what looks like media to a relay, and bytes without sense to the server.</summary>
    public void Spray(IEnumerable<ushort> relays)
    {
        foreach (var port in relays)
            _leaving.Enqueue(Parcel.Datagram(host.WithPort(9), turn.WithPort(port), Payload.Make(int.MaxValue, true, 1)));
        for (var i = 0; i < 5; i++)
        {
            var bytes = new byte[random.Next(100)];
            random.Fill(bytes);
            // Half of them begin as an Allocate, a Send indication or ChannelData would.
            if (bytes.Length > 4 && random.Chance(0.5))
                (bytes[0], bytes[1]) = ((byte)(random.Chance(0.5) ? 0x40 : 0), (byte)random.Next(24));
            _leaving.Enqueue(Parcel.Datagram(host.WithPort(9), turn, bytes));
        }
    }

    public void OnMessage(Instant now, in Parcel parcel)
    {
        if (_clients.TryGetValue(parcel.To.Port, out var client)) client.OnServer(now, parcel.Bytes.Span);
        Drain();
    }

    public void OnDeadline(Instant now)
    {
        foreach (var client in _clients.Values)
            if (client.NextDeadline <= now) client.OnDeadline(now);
        Drain();
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    void Drain()
    {
        foreach (var (port, client) in _clients.ToArray())
            while (client.TryTake(out var effect))
            {
                if (effect is TurnClientEffect.ToServer(var datagram))
                    _leaving.Enqueue(Parcel.Datagram(host.WithPort(port), turn, datagram));
                if (effect is TurnClientEffect.Allocated) facts.Break(Laws.OnlyMintedUsers, "intruder", "has a relay");
                if (effect is TurnClientEffect.Ended) _clients.Remove(port);
            }
    }
}
