using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Portunus.Bedrock;
using Portunus.Nodes.Tls;
using Portunus.Tests.Interop.Coturn;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Tls;

namespace Portunus.Tests.Interop.Clients;

/// <summary>Our TURN server as a process, heard by UDP, TCP, TLS and DTLS at one address of each family; each clean run of a client
/// leaves it without a warning in its log.</summary>
public sealed partial class TransportStand : IDisposable
{
    public const string Realm = "example.org";
    public const string User = "alice";
    public const string Password = "wonderland";

    /// <summary>For names that a test looks for in the log.</summary>
    public const string OtherUser = "zoe";

    readonly Authority _authority = new();
    readonly PortunusProcess _process;
    readonly HttpClient _http = new();

    /// <param name="more">Flags that only this server has.</param>
    public TransportStand(params string[] more)
    {
        var files = _authority.Server();
        ClientFiles = _authority.Client("client.example.org");
        string[] listeners = [.. from address in new[] { "127.0.0.1:0", "[::1]:0" }
                                 from transport in Enum.GetValues<ClientTransport>()
                                 from word in new[] { "--listen", $"{Word(transport)}:{address}" }
                                 select word];
        // A client that draws a channel number of RFC 5766 begins anew and leaves its allocations: the quotas are no part of these tests.
        _process = PortunusProcess.Serve([
            "turn", .. listeners, "--certificate", files.Certificate, "--certificate-key", files.Key,
            "--relay-address", "127.0.0.1", "--relay-address", "::1", "--allow-peer", "127.0.0.0/8", "--allow-peer", "::1",
            "--realm", Realm, "--server-name", "turn1.example.org", "--user", $"{User}:{Password}", "--user", $"{OtherUser}:{Password}",
            "--static-user-quota", "16000", "--address-quota", "16000", "--admin", "127.0.0.1:0",
            .. TokenTests.ClientKeys, .. more]);
    }

    /// <summary>The certificate that signed that of the server, PEM.</summary>
    public string AuthorityFile => _authority.RootFile;

    /// <summary>A client's certificate, which the server does not ask for.</summary>
    public TlsFiles ClientFiles { get; }

    public string Log => _process.Errors;

    /// <summary>Listeners, relays, streams of clients, and the rest of the process's.</summary>
    public int OpenSockets => Directory.EnumerateFileSystemEntries($"/proc/{_process.Id}/fd")
        .Count(file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) ?? false);

    public TransportAddress At(ClientTransport transport, AddressFamily family = AddressFamily.InterNetwork)
    {
        var begin = $"listening {Word(transport)}:" + (family == AddressFamily.InterNetworkV6 ? "[" : "1");
        var line = _process.Output.First(line => line.StartsWith(begin, StringComparison.Ordinal));
        Assert.True(TransportAddress.TryParse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1), out var address), line);
        return address;
    }

    /// <summary>A client of single steps.</summary>
    public RawClient Client(ClientTransport transport) => transport == ClientTransport.Dtls
        ? new(new RawDtls(At(transport).ToIPEndPoint()), User, Password)
        : new(At(transport), User, Password, transport: transport);

    /// <summary>The sum of the samples whose name begins so and whose labels contain all that is given.</summary>
    public async Task<double> CountAsync(string name, params string[] labels)
    {
        var text = await _http.GetStringAsync($"http://{_process.At("admin")}/metrics", TestContext.Current.CancellationToken);
        return text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Where(line => labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Nothing was logged above the level information, and it answers by each transport.</summary>
    public void AssertUnharmed()
    {
        Assert.DoesNotMatch(Complaint(), Log);
        foreach (var transport in Enum.GetValues<ClientTransport>())
        {
            using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
            peer.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
            using var client = Client(transport);
            Assert.Null(client.Allocate().Error);
            var at = TransportAddress.From((IPEndPoint)peer.LocalEndPoint!);
            Assert.Null(client.Permit(at).Error);
            client.Send(at, "still here"u8);
            var buffer = new byte[64];
            Assert.Equal("still here"u8, buffer.AsSpan(0, peer.Receive(buffer)));
            Assert.Null(client.Refresh(0).Error);
        }
    }

    public void Dispose()
    {
        using (_process) Assert.Equal(0, _process.Terminate());
        Assert.DoesNotMatch(Complaint(), Log);
        _authority.Dispose();
        _http.Dispose();
    }

    internal static string Word(ClientTransport transport) => transport.ToString().ToLowerInvariant();

    [GeneratedRegex(@"(?m)^\d\S* (warn|fail|crit)")]
    private static partial Regex Complaint();
}
