using System.Diagnostics;
using System.Text.RegularExpressions;
using Portunus.Bedrock;
using Portunus.Tests.Interop.Clients;
using Portunus.Tests.Io;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>The modes of <c>turnutils_uclient</c> that are meant to go wrong: what it says then, and that the server serves on.</summary>
public sealed partial class UclientAbuseTests(TransportFixture fixture)
{
    static readonly ClientTransport[] Transports = Enum.GetValues<ClientTransport>();

    static readonly string[] Name = ["-u", TransportStand.User, "-w", TransportStand.Password];

    /// <summary>
    /// <c>-N</c> draws the number of each ChannelBind from all 16 bits, and binds the same peer twice: RFC 8656 §12.2 refuses a number
    /// outside of 0x4000 to 0x4FFF, and a peer that has another channel. The client ends at its first 400.
    /// </summary>
    [Theory]
    [InlineData(ClientTransport.Udp)]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Tls)]
    [InlineData(ClientTransport.Dtls)]
    public void Channels_of_the_negative_tests_are_refused_with_400(ClientTransport transport)
    {
        var run = UclientRun.Once([.. Name, "-N", "-c", .. fixture.ToPeer, .. UclientModes.To(fixture.Shared, transport)]);
        Assert.True(run.DrewReservedChannel, run.Output);
        Assert.Equal(255, run.ExitCode);
        fixture.Shared.AssertUnharmed();
    }

    /// <summary>
    /// <c>-R</c> puts up to nine other bytes into one of ten of its messages, or into what it then sends again and again. A run ends as
    /// its draws have it: with messages lost, with an error, or never, where the client waits for the answer to a request that it
    /// destroyed. So it is ended when the server has seen enough.
    /// </summary>
    [Fact]
    public async Task Destroyed_messages_are_dropped_on_each_transport_and_the_server_serves_on()
    {
        const int Enough = 5;
        var patience = TimeSpan.FromSeconds(10);
        using var server = new TransportStand("--workers", "2");
        await Task.WhenAll(Transports.SelectMany(transport => Enumerable.Repeat(transport, 3)).Select(RunAsync));
        server.AssertUnharmed();

        async Task RunAsync(ClientTransport transport)
        {
            for (var run = 0; !await HasSeenEnough(); run++)
            {
                Assert.True(run < 30, $"{transport}: {run} clients destroyed too little. {server.Log}");
                var start = Stopwatch.StartNew();
                using var client = CoturnProgram.Serve("turnutils_uclient",
                    [.. Name, "-R", "-c", "-s", .. fixture.ToPeer, .. UclientRun.Messages(500), .. UclientModes.To(server, transport)]);
                // One that destroyed the length of a message in a stream waits as long as the server does.
                await Eventually.TrueAsync(async () => client.HasExited || start.Elapsed > patience || await HasSeenEnough());
                // No answer of the server's was one that the client could not read, or that spoke of a fault of the server's. Over DTLS a
                // destroyed magic cookie makes a request of RFC 3489, which is answered 500 (RFC 8489 §11).
                string[] words = ["Unknown message", "Wrong integrity", "has wrong", "unknown ", "error 500"];
                foreach (var word in transport == ClientTransport.Dtls ? words[..^1] : words)
                    Assert.DoesNotContain(word, client.Output, StringComparison.Ordinal);
            }

            async Task<bool> HasSeenEnough() => await server.CountAsync(
                "portunus_turn_drops_total", $"transport=\"{TransportStand.Word(transport)}\"", "reason=\"malformed\"") >= Enough;
        }
    }

    /// <summary>
    /// <c>-B</c> closes the sockets of all its clients after a few messages, and says no word to the server; over streams the system
    /// does. (Over UDP and DTLS nothing does, and an allocation lasts until its lifetime is over, as RFC 8656 §3.2 has it.)
    /// </summary>
    [Fact]
    public async Task Of_clients_whose_streams_end_at_once_nothing_is_left()
    {
        const int Clients = 8;
        using var server = new TransportStand("--workers", "2");
        await server.CountAsync("process"); // The connection to its counters stays.
        server.AssertUnharmed();
        var before = server.OpenSockets;
        foreach (var transport in new[] { ClientTransport.Tcp, ClientTransport.Tls })
        {
            var label = $"transport=\"{TransportStand.Word(transport)}\"";
            using var client = CoturnProgram.Serve("turnutils_uclient",
                [.. Name, "-B", "-c", "-s", .. fixture.ToPeer, "-n", "100", "-m", $"{Clients}", "-z", "0",
                    .. UclientModes.To(server, transport)]);
            // Beside each client there was a probe with an allocation of its own. By TLS the client leaves the probe's socket open until
            // it ends: "SSL_free(clnet_info_probe.ssl); clnet_info_probe.fd = -1;" (start_client in src/apps/uclient/uclient.c).
            var gone = transport == ClientTransport.Tls ? Clients : 2 * Clients;
            await Eventually.TrueAsync(
                async () => await server.CountAsync("portunus_turn_allocations_ended_total", label, "disconnected") == gone,
                () => client.Output + server.Log);
            Assert.Equal(2 * Clients, await server.CountAsync("portunus_turn_allocations_begun_total", label) - 1);
            // It waits ten seconds more for what it sent; it says each second what that is.
            Assert.False(client.HasExited, client.Output);
            await Eventually.TrueAsync(() => Sent().IsMatch(client.Output), () => client.Output);
        }

        await Eventually.TrueAsync(async () => await server.CountAsync("portunus_turn_allocations{") == 0, () => server.Log);
        // Neither a relay nor a stream is left, of 32 each.
        await Eventually.TrueAsync(() => server.OpenSockets <= before, () => $"{before} sockets before, {server.OpenSockets} now");
        server.AssertUnharmed();
    }

    /// <summary>
    /// <c>-Z</c> asks for both families by a draft's number of ADDITIONAL-ADDRESS-FAMILY, 0x8032; RFC 8656 §18 has 0x8000, and what a
    /// server does not know of 0x8000 and above, it passes over (RFC 8489 §14). So the client has a relay of IPv4 alone, and by that
    /// nothing is lost. Each of its Refreshes asks for IPv4, for IPv6 or for neither, by a draw: for IPv6 it is told 443, and ends.
    /// </summary>
    [Theory]
    [InlineData(ClientTransport.Udp)]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Tls)]
    [InlineData(ClientTransport.Dtls)]
    public async Task Who_asks_for_both_families_by_the_number_of_a_draft_has_IPv4_alone(ClientTransport transport)
    {
        var run = await UclientRun.UntilAsync(
            run => run.ExitCode == 255 && run.Output.Contains("error 443 (Peer Address Family Mismatch)", StringComparison.Ordinal),
            ["-u", TransportStand.OtherUser, "-w", TransportStand.Password, "-Z", "-s", .. fixture.ToPeer,
                .. UclientRun.Messages(UclientModes.Messages), .. UclientModes.To(fixture.Shared, transport)]);
        run.AssertNoLoss(UclientModes.Messages);
        var began = fixture.Shared.Log.Split('\n').Where(line => line.Contains($"began: client {transport} ", StringComparison.Ordinal)
            && line.EndsWith($"by Static {TransportStand.OtherUser}", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(began);
        Assert.All(began, line => Assert.Contains("relayed 127.0.0.1:", line, StringComparison.Ordinal));
        Assert.DoesNotContain("has a second relayed address", fixture.Shared.Log, StringComparison.Ordinal);
    }

    [GeneratedRegex("tot_send_msgs=[1-9]")]
    private static partial Regex Sent();
}
