using Portunus.Bedrock;
using Portunus.Tests.Interop.Clients;
using Portunus.Tests.Io;
using Portunus.Tests.Io.Architecture;

namespace Portunus.Tests.Interop.Aioice;

/// <summary>
/// Debian's aioice 0.8.0, the ICE agent of aiortc, over each transport that it has for TURN. The relays are each other's peers; the server
/// takes its own relay address as a peer where another relay is alive (<c>--allow-peer</c> opens loopback). ChannelData alone carries what
/// they say: aioice binds a channel before its first datagram to a peer, and does not read Data indications.
/// </summary>
public sealed class AioiceTests(TransportFixture fixture)
{
    const int Datagrams = 200;

    // Not the python3 of the PATH: the package belongs to Debian's.
    const string Python = "/usr/bin/python3";

    [Theory]
    [InlineData(ClientTransport.Udp)]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Tls)]
    public async Task Two_agents_exchange_data_from_relay_to_relay(ClientTransport transport)
    {
        var run = await RunAsync(transport, TransportStand.Password);
        run.AssertSuccess();
        var candidates = run.Step("gather").GetProperty("candidates").EnumerateArray().ToArray();
        Assert.Equal(2, candidates.Length);
        Assert.All(candidates, candidate => Assert.Equal("relay", candidate.GetProperty("type").GetString()));

        // The script compares each datagram that came with the one that was sent, and ends otherwise.
        Assert.Equal(Datagrams, run.Step("exchange").GetProperty("received").GetInt32());
        Assert.Equal(Enumerable.Range(0, Datagrams).Sum(i => 1 + (i * 7 % 1100)), run.Step("exchange").GetProperty("bytes").GetInt32());

        // It went through the two relays, which the agents deleted. Each carried half of the data, and checks of connectivity and consent.
        foreach (var candidate in candidates)
        {
            var relayed = candidate.GetProperty("address").GetString();
            var relay = fixture.Shared.Log.Split('\n').Single(line => line.Contains($"relayed {relayed},", StringComparison.Ordinal)
                && line.Contains($"client {transport} ", StringComparison.Ordinal)).Split("Allocation ")[1].Split(' ')[0];
            var end = $"Allocation {relay} ended, Deleted: ";
            await Eventually.TrueAsync(() => fixture.Shared.Log.Contains(end, StringComparison.Ordinal), () => fixture.Shared.Log);
            var toPeers = int.Parse(fixture.Shared.Log.Split(end)[1].Split(' ')[0], null);
            Assert.InRange(toPeers, Datagrams / 2, Datagrams);
        }
    }

    [Fact]
    public async Task A_wrong_password_gives_no_candidate()
    {
        var run = await RunAsync(ClientTransport.Udp, "looking-glass");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Empty(run.Lines);
        Assert.Contains("STUN transaction failed (401", run.Errors, StringComparison.Ordinal);
    }

    Task<JsonProgram> RunAsync(ClientTransport transport, string password)
    {
        var server = fixture.Shared.At(transport);
        return JsonProgram.RunAsync(
            Python,
            [
                Path.Combine(Repository.Root, "tests", "Interop", "Aioice", "agents.py"), TransportStand.Word(transport),
                $"{server.ToIPAddress()}", $"{server.Port}", TransportStand.User, password, $"{Datagrams}",
            ],
            new Dictionary<string, string> { ["SSL_CERT_FILE"] = fixture.Shared.AuthorityFile, ["PYTHONDONTWRITEBYTECODE"] = "1" });
    }
}
