using Portunus.Bedrock;
using Portunus.Tests.Interop.Browser;
using Portunus.Tests.Interop.Clients;

namespace Portunus.Tests.Interop.Agents;

/// <summary>
/// Messages between two agents of Debian's libnice, the ICE of GStreamer, through `portunus turn`. Its relay type "TLS" is no TLS: with
/// the rules of RFC 5245 it is TCP, in the clear; with those of older Google and Microsoft servers a hello that only looks like TLS.
/// </summary>
public sealed class LibniceTests(AgentStand stand) : IClassFixture<AgentStand>
{
    static readonly string Script = Path.Combine(Checkout.Root, "tests", "Interop", "Agents", "Libnice", "peers.py");

    [Theory]
    [InlineData(ClientTransport.Udp, "UDP")]
    [InlineData(ClientTransport.Tcp, "TCP")]
    [InlineData(ClientTransport.Tcp, "TLS")]
    public async Task All_messages_come_back_over_relays(ClientTransport transport, string type)
    {
        var assertRelayed = await stand.WatchAsync(transport);
        (await RunAsync(transport, type)).AssertRelayed();
        await assertRelayed(2 * AgentRun.Count * AgentRun.Size);
    }

    [Fact]
    public async Task Its_TLS_gets_no_relay_at_a_listener_that_speaks_TLS()
    {
        var before = (await stand.MetricsAsync())["portunus_turn_streams_accepted_total"];
        Assert.Empty((await RunAsync(ClientTransport.Tls, "TLS")).Candidates);
        Assert.InRange((await stand.MetricsAsync())["portunus_turn_streams_accepted_total"] - before, 2, double.MaxValue);
    }

    // Debian's Python: that is whose modules Debian's packages are.
    Task<AgentRun> RunAsync(ClientTransport transport, string type) => AgentRun.OfAsync(
        "/usr/bin/python3", [Script, "127.0.0.1", $"{stand.At(transport).Port}", type, TurnStand.User, TurnStand.Password]);
}
