using BenchmarkDotNet.Attributes;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Bench;

/// <summary>What the rules cost for one relayed datagram, either way, with 1 and with many live allocations.</summary>
[MemoryDiagnoser]
public class RelayDecision
{
    const int Payload = 160;

    readonly byte[] _head = new byte[TurnServer.HeadSize];
    readonly byte[] _fromPeer = new byte[Payload];
    byte[][] _fromClient = [];
    EmbeddedRelay _relay = null!;
    int _next;

    [Params(1, 1_000, 10_000)]
    public int Allocations { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _relay = new(Allocations);
        _fromClient = [.. _relay.Clients.Select(client =>
        {
            var message = new byte[ChannelData.HeaderLength + Payload];
            ChannelData.WriteHeader(message, client.Channel!.Value, Payload);
            return message;
        })];
    }

    [Benchmark]
    public int ClientToPeer()
    {
        var i = Next();
        var path = _relay.Clients[i].Path;
        return _relay.Server.OnClient(_relay.Now, path, _fromClient[i], _head).Payload.Length;
    }

    [Benchmark]
    public int PeerToClient()
    {
        var client = _relay.Clients[Next()];
        return _relay.Server.OnPeer(_relay.Now, client.Relay, client.Peer, _fromPeer, _head).Length;
    }

    int Next() => _next = _next + 1 < Allocations ? _next + 1 : 0;
}
