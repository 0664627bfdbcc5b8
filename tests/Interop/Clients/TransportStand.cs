using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes.Tls;
using Portunus.Tests.Interop.Coturn;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Interop.Clients;

/// <summary>Our TURN server as a process, heard by UDP, TCP, TLS and DTLS at one address of each family.</summary>
public sealed class TransportStand : TurnStand
{
    /// <summary>For names that a test looks for in the log.</summary>
    public const string OtherUser = "zoe";

    /// <param name="more">Flags that only this server has.</param>
    /// <remarks>A client that draws a channel number of RFC 5766 begins anew and leaves its allocations: the quotas are no part of these
    /// tests.</remarks>
    public TransportStand(params string[] more)
        : base(Enum.GetValues<ClientTransport>(), ["127.0.0.1", "[::1]"],
        [
            "--relay-address", "127.0.0.1", "--relay-address", "::1", "--allow-peer", "127.0.0.0/8", "--allow-peer", "::1",
            "--server-name", "turn1.example.org", "--user", $"{OtherUser}:{Password}", "--static-user-quota", "16000",
            "--address-quota", "16000", .. TokenTests.ClientKeys, .. more,
        ]) => ClientFiles = Authority.Client("client.example.org");

    /// <summary>A client's certificate, which the server does not ask for.</summary>
    public TlsFiles ClientFiles { get; }

    /// <summary>Listeners, relays, streams of clients, and the rest of the process's.</summary>
    public int OpenSockets => Directory.EnumerateFileSystemEntries($"/proc/{Process.Id}/fd")
        .Count(file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) ?? false);

    /// <summary>A client of single steps.</summary>
    public RawClient Client(ClientTransport transport) => transport == ClientTransport.Dtls
        ? new(new RawDtls(At(transport).ToIPEndPoint()), User, Password)
        : new(At(transport), User, Password, transport: transport);

    /// <summary>The sum of the samples whose name begins so and whose labels contain all that is given.</summary>
    public async Task<double> CountAsync(string name, params string[] labels)
    {
        var text = await MetricsTextAsync();
        return text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Where(line => labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Nothing was logged above the level information, and it answers by each transport.</summary>
    public void AssertUnharmed()
    {
        AssertNoComplaint();
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
}
