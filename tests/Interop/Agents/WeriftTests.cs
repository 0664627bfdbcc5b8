using System.Diagnostics;

namespace Portunus.Tests.Interop.Agents;

/// <summary>A data channel between two peer connections of werift, WebRTC in TypeScript alone, through `portunus turn`.</summary>
public sealed class WeriftTests(AgentStand stand, WeriftPackage werift) : IClassFixture<AgentStand>, IClassFixture<WeriftPackage>
{
    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task All_messages_of_a_data_channel_come_back_over_relays_reached_by(string transport)
    {
        var assertRelayed = await stand.WatchAsync(transport);
        (await RunAsync(transport, stand.AuthorityFile)).AssertRelayed();
        await assertRelayed(2 * AgentRun.Count * AgentRun.Size);
    }

    [Fact]
    public async Task A_certificate_that_it_does_not_believe_gives_no_relay() =>
        Assert.Empty((await RunAsync("tls", authority: "")).Candidates);

    Task<AgentRun> RunAsync(string transport, string authority)
    {
        var uri = transport == "tls"
            ? $"turns:127.0.0.1:{stand.Port("tls")}?transport=tcp"
            : $"turn:127.0.0.1:{stand.Port(transport)}?transport={transport}";
        return AgentRun.OfAsync(new("node", ["peers.mjs", uri, AgentStand.User, AgentStand.Password])
        {
            WorkingDirectory = werift.Folder, Environment = { ["NODE_EXTRA_CA_CERTS"] = authority },
        });
    }
}
