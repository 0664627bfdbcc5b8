using System.Net;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>coturn's peer, which sends back what comes by UDP.</summary>
sealed class CoturnPeer : IDisposable
{
    // Not the relay address: there, only ports of live allocations may be peers.
    static readonly IPAddress Address = IPAddress.Parse("127.0.0.2");

    readonly CoturnProgram _program;

    public CoturnPeer()
    {
        var port = CoturnProgram.FreePort(Address);
        _program = CoturnProgram.Serve("turnutils_peer", "-L", $"{Address}", "-p", $"{port}");
        ToIt = ["-e", $"{Address}", "-r", $"{port}"];
    }

    /// <summary>Makes coturn's client send to it.</summary>
    public string[] ToIt { get; }

    public void Dispose() => _program.Dispose();
}
