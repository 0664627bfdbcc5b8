using System.Net;
using Portunus.Tests.Interop.Clients;
using Portunus.Tests.Interop.Coturn;

[assembly: AssemblyFixture(typeof(TransportFixture))]

namespace Portunus.Tests.Interop.Clients;

/// <summary>The servers that several tests of clients share, each started when the first test asks for it.</summary>
public sealed class TransportFixture : IDisposable
{
    // Not the relay address: there, only ports of live allocations may be peers.
    static readonly IPAddress PeerAddress = IPAddress.Parse("127.0.0.2");

    readonly Lazy<TransportStand> _shared = new(() => new("--workers", "2"));
    readonly Lazy<TransportStand> _mobile = new(() => new("--mobility"));

    readonly Lazy<(CoturnProgram Program, int Port)> _peer = new(() =>
    {
        var port = CoturnProgram.FreePort(PeerAddress);
        return (CoturnProgram.Serve("turnutils_peer", "-L", $"{PeerAddress}", "-p", $"{port}"), port);
    });

    /// <summary>With two workers.</summary>
    public TransportStand Shared => _shared.Value;

    /// <summary>With ICE mobility, and the one worker that this needs.</summary>
    public TransportStand Mobile => _mobile.Value;

    /// <summary>Makes coturn's client send to coturn's peer, which sends everything back.</summary>
    public string[] ToPeer => ["-e", $"{PeerAddress}", "-r", $"{_peer.Value.Port}"];

    public void Dispose()
    {
        if (_peer.IsValueCreated) _peer.Value.Program.Dispose();
        if (_shared.IsValueCreated) _shared.Value.Dispose();
        if (_mobile.IsValueCreated) _mobile.Value.Dispose();
    }
}
