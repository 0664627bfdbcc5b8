using Portunus.Tests.Interop.Clients;
using Portunus.Tests.Interop.Coturn;

[assembly: AssemblyFixture(typeof(TransportFixture))]

namespace Portunus.Tests.Interop.Clients;

/// <summary>The servers that several tests of clients share, each started when the first test asks for it.</summary>
public sealed class TransportFixture : IDisposable
{
    readonly Lazy<TransportStand> _shared = new(() => new("--workers", "2"));
    readonly Lazy<TransportStand> _mobile = new(() => new("--mobility"));

    readonly Lazy<CoturnPeer> _peer = new(() => new());

    /// <summary>With two workers.</summary>
    public TransportStand Shared => _shared.Value;

    /// <summary>With ICE mobility, and one worker: a client that moves stays with it.</summary>
    public TransportStand Mobile => _mobile.Value;

    /// <summary>Makes coturn's client send to coturn's peer, which sends everything back.</summary>
    public string[] ToPeer => _peer.Value.ToIt;

    public void Dispose()
    {
        if (_peer.IsValueCreated) _peer.Value.Dispose();
        if (_shared.IsValueCreated) _shared.Value.Dispose();
        if (_mobile.IsValueCreated) _mobile.Value.Dispose();
    }
}
