using System.Globalization;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Io.Faults;

/// <summary>What the tests of faults ask of a TURN server that is a process: whom it takes, what it counts, what it says.</summary>
static class FaultyServer
{
    public const string ToRaiseFiles = "No file descriptor is left; raise ulimit -n";

    static readonly HttpClient Http = new();
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A server that anybody of this machine may use for as much as there is.</summary>
    public static string[] Least { get; } =
    [
        "turn", "--relay-address", "127.0.0.1", "--realm", "example.org", "--user", "alice:secret", "--allow-peer", "127.0.0.0/8",
        "--static-user-quota", "100000", "--unauthenticated-rate", "100000", "--unauthenticated-budget", "100000000",
    ];

    public static TransportAddress At(this PortunusProcess server, ClientTransport transport)
    {
        var start = $"listening {transport.ToString().ToLowerInvariant()}:";
        var line = server.Output.First(line => line.StartsWith(start, StringComparison.Ordinal));
        return TransportAddress.TryParse(line.AsSpan(start.Length), out var address) ? address : throw new FormatException(line);
    }

    public static RawClient Client(this PortunusProcess server, ClientTransport transport = ClientTransport.Udp) =>
        new(server.At(transport), "alice", "secret", transport: transport);

    /// <summary>One value of the metrics; 0 where the name is not there.</summary>
    public static async Task<double> MetricAsync(this PortunusProcess server, string name)
    {
        var text = await Http.GetStringAsync(new Uri($"http://{server.At("admin")}/metrics"), TestContext.Current.CancellationToken);
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[name.Length..], CultureInfo.InvariantCulture);
    }

    public static int CountLines(this PortunusProcess server, string words) =>
        server.Errors.Split('\n').Count(line => line.Contains(words, StringComparison.Ordinal));

    /// <summary>A connection that the server takes and answers; null when it closes it.</summary>
    public static RawStream? Knock(this PortunusProcess server, ClientTransport transport)
    {
        RawStream? stream = null;
        try
        {
            stream = new RawStream(server.At(transport).ToIPEndPoint(), transport == ClientTransport.Tls);
            var writer = new StunWriter(new byte[64], StunClass.Request, StunMethod.Binding, TransactionId.Draw(new Nodes.SystemRandom()));
            stream.Write(writer.Written);
            if (stream.Receive(Patience) is not null) return stream;
        }
        catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // Closed in the middle of it.
        }

        stream?.Dispose();
        return null;
    }
}
