using BenchmarkDotNet.Attributes;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Bench;

/// <summary>What the rules cost for a client: a credential minted, a stranger challenged, a relay opened and closed.</summary>
[MemoryDiagnoser]
public class CredentialPath
{
    static readonly SharedSecret Secret = new(SecretHash.Sha1, "a secret for benchmarks"u8);

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

    [Benchmark]
    public string Mint() => TimeLimitedCredential.Mint(Secret, _relay.Now.UnixSeconds + 3600, _random.NextToken(12)).Password;

    /// <summary>The 401 that a flood of strangers would make the server write.</summary>
    [Benchmark]
    public int Challenge()
    {
        var stranger = new ClientPath(new(TransportAddress.IPv4((uint)_random.Next(), 5000), default, ClientTransport.Udp), 0);
        return _relay.Server.OnClient(_relay.Now, stranger, _allocate.AsSpan(0, _length), _head).Head;
    }

    /// <summary>401, Allocate with its HMACs, ChannelBind, Refresh to zero, with the client's work in it as well.</summary>
    [Benchmark]
    public void AllocateBindRelease() => _relay.Release(_relay.Allocate(1));
}
