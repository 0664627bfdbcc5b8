using System.Text.RegularExpressions;
using Portunus.Bedrock;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Tls;

namespace Portunus.Tests.Interop.Clients;

/// <summary>`portunus turn` as a process, for clients of others: heard on loopback by some transports, with a certificate of an authority
/// that was made for it. It is ended by its process id, and must leave no warning in its log.</summary>
public abstract partial class TurnStand : IDisposable
{
    public const string Realm = "example.org";
    public const string User = "alice";
    public const string Password = "wonderland";

    readonly HttpClient _http = new();

    /// <param name="transports">By which it is heard.</param>
    /// <param name="addresses">Where: 127.0.0.1, [::1], or both; each transport has a port of its own.</param>
    /// <param name="more">All other flags.</param>
    protected TurnStand(IEnumerable<ClientTransport> transports, IEnumerable<string> addresses, params IEnumerable<string> more)
    {
        var files = Authority.Server();
        var listeners =
            from address in addresses
            from transport in transports
            from word in new[] { "--listen", $"{Word(transport)}:{address}:0" }
            select word;
        Process = PortunusProcess.Serve([
            "turn", .. listeners, "--certificate", files.Certificate, "--certificate-key", files.Key, "--realm", Realm,
            "--user", $"{User}:{Password}", "--admin", "127.0.0.1:0", .. more]);
    }

    /// <summary>The certificate that signed that of the server, PEM.</summary>
    public string AuthorityFile => Authority.RootFile;

    public string Log => Process.Errors;

    private protected Authority Authority { get; } = new();

    private protected PortunusProcess Process { get; }

    /// <summary>Where it is heard by a transport.</summary>
    public TransportAddress At(ClientTransport transport, IPFamily family = IPFamily.IPv4)
    {
        var begin = $"listening {Word(transport)}:" + (family == IPFamily.IPv6 ? "[" : "1");
        var line = Process.Output.First(line => line.StartsWith(begin, StringComparison.Ordinal));
        Assert.True(TransportAddress.TryParse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1), out var address), line);
        return address;
    }

    /// <summary>What it counts, in the text format of Prometheus.</summary>
    public Task<string> MetricsTextAsync() =>
        _http.GetStringAsync($"http://{Process.At("admin")}/metrics", TestContext.Current.CancellationToken);

    /// <summary>Nothing was logged above the level information.</summary>
    public void AssertNoComplaint() => Assert.DoesNotMatch(Complaint(), Log);

    public void Dispose()
    {
        using (Process) Assert.Equal(0, Process.Terminate());
        AssertNoComplaint();
        _http.Dispose();
        Authority.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static string Word(ClientTransport transport) => transport.ToString().ToLowerInvariant();

    [GeneratedRegex(@"(?m)^\d\S* (warn|fail|crit)")]
    private static partial Regex Complaint();
}
