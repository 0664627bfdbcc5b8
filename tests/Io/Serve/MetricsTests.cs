using Portunus.Nodes.Admin;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Io.Serve;

/// <summary>What <c>/metrics</c> says, and that any reader of the format understands it.</summary>
public sealed class MetricsTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    // coturn's, which are no names after Prometheus's own habits.
    static readonly string[] Foreign =
    [
        "stun_binding_request", "stun_binding_response", "stun_binding_error", "turn_unauthenticated_401_responses",
        "turn_unauthenticated_401_dropped_responses",
        "turn_packet_processed", "turn_packet_dropped",
        "turn_traffic_rcvp", "turn_traffic_rcvb", "turn_traffic_sentp", "turn_traffic_sentb",
        "turn_traffic_peer_rcvp", "turn_traffic_peer_rcvb", "turn_traffic_peer_sentp", "turn_traffic_peer_sentb",
        "turn_total_traffic_rcvp", "turn_total_traffic_rcvb", "turn_total_traffic_sentp", "turn_total_traffic_sentb",
        "turn_total_traffic_peer_rcvp", "turn_total_traffic_peer_rcvb", "turn_total_traffic_peer_sentp", "turn_total_traffic_peer_sentb",
    ];

    [Fact]
    public async Task Every_line_is_of_the_format_and_every_counter_of_ours_ends_with_total()
    {
        var metrics = await ReadAsync();
        Assert.All(metrics.Types, family =>
        {
            var isCounter = family.Value == "counter";
            if (!Foreign.Contains(family.Key)) Assert.Equal(isCounter, family.Key.EndsWith("_total", StringComparison.Ordinal));
        });
        Assert.All(Foreign, name => Assert.Equal("counter", metrics.Types.GetValueOrDefault(name)));
        Assert.Equal("gauge", metrics.Types["turn_total_allocations"]);
        Assert.Equal(1, metrics.Series.Count(series => series.StartsWith("portunus_build_info{version=\"", StringComparison.Ordinal)));
        Assert.All(
            new[] { "process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds", "process_start_time_seconds" },
            name => Assert.InRange(metrics[name], 0.001, double.MaxValue));
        Assert.InRange(metrics["process_open_fds"], 1, metrics["process_max_fds"]);
    }

    [Fact]
    public async Task All_that_a_client_does_is_counted_by_transport_method_code_and_listener_and_nothing_tells_who_it_was()
    {
        var before = await ReadAsync();
        using var a = new RawClient(fixture.Turn, "user", ConfigurationFolder.Password);
        using var b = new RawClient(fixture.Turn, "user", ConfigurationFolder.Password);
        Assert.Null(a.Bind().Error);
        var (from, to) = (a.Allocate().Relayed, b.Allocate().Relayed);
        Assert.Null(a.BindChannel(0x4000, to).Error);
        Assert.Null(b.BindChannel(0x4000, from).Error);
        a.SendOnChannel(0x4000, new byte[160]);
        Assert.Equal(160, b.Receive().Length);
        var during = await ReadAsync();
        Assert.Null(a.Refresh(0).Error);
        Assert.Null(b.Refresh(0).Error);
        a.SendOnChannel(0x4000, "late"u8);
        Assert.Null(a.Bind().Error);
        var after = await ReadAsync();

        double Grew(string series) => after[series] - before[series];
        Assert.Equal(2, during["portunus_turn_allocations{transport=\"udp\"}"] - before["portunus_turn_allocations{transport=\"udp\"}"]);
        Assert.Equal(2, during["turn_total_allocations{type=\"UDP\"}"] - before["turn_total_allocations{type=\"UDP\"}"]);
        Assert.Equal(before["turn_total_allocations{type=\"UDP\"}"], after["turn_total_allocations{type=\"UDP\"}"]);
        Assert.Equal(2, Grew("portunus_turn_allocations_begun_total{transport=\"udp\"}"));
        Assert.Equal(2, Grew("portunus_turn_allocations_ended_total{transport=\"udp\",reason=\"deleted\"}"));
        Assert.Equal(2, Grew("portunus_turn_successes_total{transport=\"udp\",method=\"channel_bind\"}"));
        Assert.InRange(Grew("portunus_turn_requests_total{transport=\"udp\",method=\"allocate\"}"), 4, 100);
        Assert.InRange(Grew("portunus_turn_errors_total{transport=\"udp\",code=\"401\"}"), 2, 100);
        Assert.Equal(1, Grew("portunus_turn_drops_total{transport=\"udp\",reason=\"no_allocation\"}"));
        // What goes to a peer here comes from a peer there: both are counted.
        Assert.Equal(1, Grew("portunus_turn_relayed_datagrams_total{transport=\"udp\",direction=\"to_client\"}"));
        Assert.Equal(160, Grew("portunus_turn_relayed_bytes_total{transport=\"udp\",direction=\"to_peer\"}"));
        Assert.Equal(160, Grew("turn_total_traffic_peer_rcvb"));
        Assert.Equal(2, Grew("stun_binding_request"));
        var listener = $"{{listener=\"{fixture.Turn}\",transport=\"udp\"}}";
        Assert.InRange(Grew($"portunus_turn_listener_received_bytes_total{listener}"), 164 + (12 * 20), double.MaxValue);
        Assert.InRange(Grew($"portunus_turn_listener_sent_messages_total{listener}"), 11, double.MaxValue);

        Assert.DoesNotContain(after.Series, series => series.Contains("\"user\"", StringComparison.Ordinal)
            || series.Contains($":{a.Local.Port}\"", StringComparison.Ordinal));
        // However many clients come, the series stay the same but for codes that are seen for the first time.
        Assert.Empty(before.Series.Except(after.Series));
    }

    [Fact]
    public void Whatever_a_label_holds_is_escaped()
    {
        var text = new MetricsText();
        text.Counter("a_total", "A \\ and\na line.", [(MetricsText.Labels(("b", "\"x\\y\nz"), ("c", "é")), 1e20)]);
        var read = Exposition.Read(text.ToString());
        Assert.Equal(1e20, read["a_total{b=\"\\\"x\\\\y\\nz\",c=\"é\"}"]);
    }

    async Task<Exposition> ReadAsync()
    {
        var (status, text) = await fixture.GetAsync("/metrics", token: null);
        Assert.Equal(200, status);
        return Exposition.Read(text);
    }
}
