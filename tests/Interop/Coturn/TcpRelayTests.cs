using Portunus.Bedrock;
using Portunus.Tests.Io.Commands;
using static Portunus.Tests.Interop.Coturn.UclientRun;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>TCP relaying (RFC 6062) of Debian's <c>turnutils_uclient</c> through <c>portunus turn</c>, over several workers.</summary>
public sealed class TcpRelayTests : IDisposable
{
    readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("portunus-");
    readonly PortunusProcess _server;

    public TcpRelayTests()
    {
        var (certificate, key) = (Path.Combine(_files.FullName, "certificate.pem"), Path.Combine(_files.FullName, "key.pem"));
        Assert.Equal(0, CoturnProgram.Run("openssl", TimeSpan.FromMinutes(1),
        [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
        ]).ExitCode);
        _server = PortunusProcess.Serve(
            "turn", "--listen", "tcp:127.0.0.1:0", "--listen", "tls:127.0.0.1:0", "--certificate", certificate, "--certificate-key", key,
            "--relay-address", "127.0.0.1", "--realm", "example.org", "--user", "alice:wonderland", "--allow-peer", "127.0.0.0/8",
            "--tcp-relay", "--workers", "3");
    }

    /// <summary>Every client connects to the relayed address of every other, and each talks with the next.</summary>
    [Theory]
    [InlineData("tcp")]
    [InlineData("tls", "-S")]
    public void Four_clients_connect_to_each_other_and_lose_nothing(string transport, params string[] more)
    {
        Run(transport, ["-T", .. more, .. Messages(500, clients: 4)]).AssertNoLoss(2000);
        Assert.Equal(0, _server.Terminate());
    }

    /// <summary>Its other half connects to the relayed address from an address that is no relay address, and echoes; what comes back to
    /// that half the client does not count, so the server's log says that nothing is missing. Not over TLS (-S): there it begins a
    /// handshake on the socket that is to connect later, and ends.</summary>
    [Fact]
    public void A_peer_connects_to_the_client_and_all_goes_both_ways()
    {
        var run = Run("tcp", ["-P", "-L", "127.0.0.3", .. Messages(500, clients: 2)]);
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.True((run.Sent, run.Received) == (1000, 500), run.Output);
        Assert.Equal(0, _server.Terminate());
        Assert.Matches(@"Deleted: \d+ datagrams of 50000 bytes to peers, \d+ of 50000 bytes to the client", _server.Errors);
    }

    public void Dispose()
    {
        _server.Dispose();
        _files.Delete(recursive: true);
    }

    UclientRun Run(string transport, string[] arguments)
    {
        var said = $"listening {transport}:";
        var at = _server.Output.First(line => line.StartsWith(said, StringComparison.Ordinal))[said.Length..];
        Assert.True(TransportAddress.TryParse(at, out var address), at);
        return Once(["-u", "alice", "-w", "wonderland", .. arguments, .. At(address)]);
    }
}
