using Portunus.Bedrock;
using Portunus.Tests.Interop.Coturn;
using Portunus.Tests.Io.Commands;

[assembly: AssemblyFixture(typeof(CoturnFixture))]

namespace Portunus.Tests.Interop.Coturn;

/// <summary>Our TURN server as a process and coturn's echoing peer, started once, when the first test asks for it.</summary>
public sealed class CoturnFixture : IDisposable
{
    public const string Secret = "north";

    readonly Lazy<PortunusProcess> _server = new(() => PortunusProcess.Serve(
        "turn", "--listen", "127.0.0.1:0", "--listen", "[::1]:0", "--relay-address", "127.0.0.1", "--relay-address", "::1",
        "--realm", "example.org", "--user", "alice:wonderland", "--secret", Secret,
        "--allow-peer", "127.0.0.0/8", "--allow-peer", "::1", "--workers", "2"));

    readonly Lazy<CoturnPeer> _peer = new(() => new());

    public TransportAddress IPv4 => _server.Value.Listeners[0];

    public TransportAddress IPv6 => _server.Value.Listeners[1];

    /// <summary>Makes the client send to coturn's peer, which sends everything back.</summary>
    public string[] ToPeer => _peer.Value.ToIt;

    public void Dispose()
    {
        if (_peer.IsValueCreated) _peer.Value.Dispose();
        if (!_server.IsValueCreated) return;
        using var server = _server.Value;
        Assert.Equal(0, server.Terminate());
    }
}
