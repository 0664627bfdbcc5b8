using BenchmarkDotNet.Attributes;
using Portunus.Bedrock;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Bench;

/// <summary>What a stranger costs.</summary>
[MemoryDiagnoser]
public class ChallengePath
{
    readonly EmbeddedRelay _relay = new(1);
    readonly SeededRandom _random = new(2);
    readonly byte[] _head = new byte[TurnServer.HeadSize];
    readonly byte[] _allocate = new byte[64];
    int _length;

    [GlobalSetup]
    public void Setup()
    {
        var writer = new StunWriter(_allocate, StunClass.Request, StunMethod.Allocate, TransactionId.Draw(_random));
        writer.Add(AttributeType.RequestedTransport, 17u << 24);
        _length = writer.Length;
    }

    /// <summary>The 401 that a flood of strangers would make the server write.</summary>
    [Benchmark]
    public int Challenge()
    {
        var stranger = new ClientPath(new(TransportAddress.IPv4((uint)_random.Next(), 5000), default, ClientTransport.Udp), 0);
        return _relay.Server.OnClient(_relay.Now, stranger, _allocate.AsSpan(0, _length), _head).Head;
    }
}
