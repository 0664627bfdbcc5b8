using BenchmarkDotNet.Attributes;

namespace Portunus.Bench;

/// <summary>What verifying a credential of each kind costs within the least that a client does with it.</summary>
[MemoryDiagnoser]
public class AllocatePath
{
    EmbeddedRelay _relay = null!;

    [ParamsAllValues]
    public Proof Proof { get; set; }

    [GlobalSetup]
    public void Setup() => _relay = new(1, Proof);

    /// <summary>401, Allocate with its HMACs, ChannelBind, Refresh to zero, with the client's work in it as well.</summary>
    [Benchmark]
    public void AllocateBindRelease() => _relay.Release(_relay.Allocate(1));
}
