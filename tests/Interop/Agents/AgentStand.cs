using System.Text.RegularExpressions;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Serve;
using Authority = Portunus.Tests.Io.Tls.Authority;

namespace Portunus.Tests.Interop.Agents;

/// <summary>`portunus turn` as ICE agents reach it: by UDP, TCP and TLS; ended by its process id.</summary>
public sealed partial class AgentStand : IDisposable
{
    public const string User = "alice", Password = "wonderland";

    readonly Authority _operator = new();
    readonly HttpClient _http = new();
    readonly PortunusProcess _process;

    public AgentStand()
    {
        var files = _operator.Server();
        _process = PortunusProcess.Serve(
            "turn", "--listen", "udp:127.0.0.1:0", "--listen", "tcp:127.0.0.1:0", "--listen", "tls:127.0.0.1:0",
            "--certificate", files.Certificate, "--certificate-key", files.Key, "--relay-address", "127.0.0.1",
            "--realm", "example.org", "--user", $"{User}:{Password}", "--allow-peer", "127.0.0.0/8", "--admin", "127.0.0.1:0");
    }

    /// <summary>Who signed the certificate of the TLS listener, PEM.</summary>
    public string AuthorityFile => _operator.RootFile;

    /// <param name="transport">udp, tcp or tls.</param>
    public int Port(string transport) => int.Parse(
        Listening().Match(_process.Output.First(line => line.StartsWith($"listening {transport}:", StringComparison.Ordinal)))
            .Groups[1].ValueSpan);

    internal async Task<Exposition> MetricsAsync() => Exposition.Read(
        await _http.GetStringAsync($"http://{_process.At("admin")}/metrics", TestContext.Current.CancellationToken));

    /// <summary>What was relayed from now on must have come by this transport alone, in both directions.</summary>
    public async Task<Func<long, Task>> WatchAsync(string transport)
    {
        var before = await MetricsAsync();
        return async bytes =>
        {
            var after = await MetricsAsync();
            foreach (var by in new[] { "udp", "tcp", "tls", "dtls" })
            foreach (var direction in new[] { "to_peer", "to_client" })
            {
                var series = $"portunus_turn_relayed_bytes_total{{transport=\"{by}\",direction=\"{direction}\"}}";
                var grew = after[series] - before[series];
                Assert.True(by == transport ? grew >= bytes : grew == 0, $"{grew} bytes {direction} by {by}");
            }
        };
    }

    public void Dispose()
    {
        using (_process) Assert.Equal(0, _process.Terminate());
        Assert.DoesNotMatch(Complaint(), _process.Errors);
        _http.Dispose();
        _operator.Dispose();
    }

    [GeneratedRegex(@":(\d+)$")]
    private static partial Regex Listening();

    [GeneratedRegex(@"(?m)^\d\S* (warn|fail|crit)")]
    private static partial Regex Complaint();
}
