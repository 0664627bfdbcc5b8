using System.Text.RegularExpressions;
using Portunus.Bedrock;
using Portunus.Tests.Interop.Clients;
using Portunus.Tests.Io;
using static Portunus.Tests.Interop.Coturn.UclientRun;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>TCP relaying (RFC 6062) of Debian's <c>turnutils_uclient</c> through <c>portunus turn</c>, over several workers.</summary>
public sealed class TcpRelayTests : IDisposable
{
    readonly TransportStand _server = new("--tcp-relay", "--workers", "3");

    /// <summary>Every client connects to the relayed address of every other, and each talks with the next.</summary>
    [Theory]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Tls, "-S")]
    public void Four_clients_connect_to_each_other_and_lose_nothing(ClientTransport transport, params string[] more) =>
        Run(transport, ["-T", .. more, .. Messages(500, clients: 4)]).AssertNoLoss(2000);

    /// <summary>Its other half connects to the relayed address from an address that is no relay address, and echoes; what comes back to
    /// that half the client does not count, so the server's log says that nothing is missing. Not over TLS (-S): there it begins a
    /// handshake on the socket that is to connect later, and ends.</summary>
    [Fact]
    public async Task A_peer_connects_to_the_client_and_all_goes_both_ways()
    {
        var run = Run(ClientTransport.Tcp, ["-P", "-L", "127.0.0.3", .. Messages(500, clients: 2)]);
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.True((run.Sent, run.Received) == (1000, 500), run.Output);
        Regex whole = new(@"Deleted: \d+ datagrams of 50000 bytes to peers, \d+ of 50000 bytes to the client");
        await Eventually.TrueAsync(() => whole.IsMatch(_server.Log), () => _server.Log);
    }

    public void Dispose() => _server.Dispose();

    UclientRun Run(ClientTransport transport, string[] arguments) =>
        Once(["-u", TurnStand.User, "-w", TurnStand.Password, .. arguments, .. At(_server.At(transport))]);
}
