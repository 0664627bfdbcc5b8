using Portunus.Bedrock;
using Portunus.Tests.Interop.Clients;
using Portunus.Tests.Io.Serve;

namespace Portunus.Tests.Interop.Agents;

/// <summary>`portunus turn` as ICE agents reach it: by UDP, TCP and TLS.</summary>
public sealed class AgentStand() : TurnStand(
    [ClientTransport.Udp, ClientTransport.Tcp, ClientTransport.Tls], ["127.0.0.1"],
    "--relay-address", "127.0.0.1", "--allow-peer", "127.0.0.0/8")
{
    internal async Task<Exposition> MetricsAsync() => Exposition.Read(await MetricsTextAsync());

    /// <summary>What was relayed from now on must have come by this transport alone, in both directions.</summary>
    public async Task<Func<long, Task>> WatchAsync(ClientTransport transport)
    {
        var before = await MetricsAsync();
        return async bytes =>
        {
            var after = await MetricsAsync();
            foreach (var by in Enum.GetValues<ClientTransport>())
            foreach (var direction in new[] { "to_peer", "to_client" })
            {
                var series = $"portunus_turn_relayed_bytes_total{{transport=\"{Word(by)}\",direction=\"{direction}\"}}";
                var grew = after[series] - before[series];
                Assert.True(by == transport ? grew >= bytes : grew == 0, $"{grew} bytes {direction} by {by}");
            }
        };
    }
}
