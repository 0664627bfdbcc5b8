using Portunus.Bedrock;
using Portunus.Tests.Interop.Clients;

namespace Portunus.Tests.Interop.Agents;

/// <summary>A data channel between two peer connections of werift, WebRTC in TypeScript alone, through `portunus turn`.</summary>
public sealed class WeriftTests(AgentStand stand, WeriftPackage werift) : IClassFixture<AgentStand>, IClassFixture<WeriftPackage>
{
    [Theory]
    [InlineData(ClientTransport.Udp)]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Tls)]
    public async Task All_messages_of_a_data_channel_come_back_over_relays_reached_by(ClientTransport transport)
    {
        var assertRelayed = await stand.WatchAsync(transport);
        (await RunAsync(transport, stand.AuthorityFile)).AssertRelayed();
        await assertRelayed(2 * AgentRun.Count * AgentRun.Size);
    }

    [Fact]
    public async Task A_certificate_that_it_does_not_believe_gives_no_relay() =>
        Assert.Empty((await RunAsync(ClientTransport.Tls, authority: "")).Candidates);

    Task<AgentRun> RunAsync(ClientTransport transport, string authority)
    {
        var port = stand.At(transport).Port;
        var uri = transport == ClientTransport.Tls
            ? $"turns:127.0.0.1:{port}?transport=tcp"
            : $"turn:127.0.0.1:{port}?transport={TurnStand.Word(transport)}";
        return AgentRun.OfAsync(
            "node", ["peers.mjs", uri, TurnStand.User, TurnStand.Password],
            new Dictionary<string, string> { ["NODE_EXTRA_CA_CERTS"] = authority }, werift.Folder);
    }
}
