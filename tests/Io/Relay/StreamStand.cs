using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Relay;
using Portunus.Tests.Io.Transport;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>A TURN node that listens by UDP, TCP, TLS and DTLS, in this order, and clients of it.</summary>
sealed class StreamStand : IDisposable
{
    readonly List<IDisposable> _open = [];

    public StreamStand(
        StreamLimits? limits = null, int workers = 1, DataPath path = DataPath.Linux, AddressRange[]? balancers = null,
        Func<TurnSettings, TurnSettings>? adjust = null, TurnListener[]? listen = null, bool mobility = false)
    {
        Files = PemFiles.Create();
        _open.Add(Files);
        var rules = new TurnSettings
        {
            Realm = "example.org",
            Relays = [new(Loopback)],
            AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
            Mobility = mobility,
            Unauthenticated = new() { AnswersPerSecond = 1_000_000, Burst = 1_000_000, BytesPerSecond = 1 << 30, BytesAtOnce = 1 << 30 },
        };
        Rules = adjust?.Invoke(rules) ?? rules;
        var settings = new TurnNodeSettings
        {
            Listen = [.. listen ?? Enum.GetValues<ClientTransport>().Select(transport => new TurnListener(Loopback, transport))],
            Certificate = new(Files.Certificate, Files.Key),
            Streams = limits ?? new(),
            Workers = workers,
            ProxyProtocolFrom = [.. balancers ?? []],
            Rules = Rules,
            DataPath = path,
        };
        Node = TurnNode.Start(settings, new CredentialVerifier(rules.Realm, [new("alice", "secret")], []), NullLogger.Instance);
        _open.Add(Node);
    }

    public static TransportAddress Loopback => TransportAddress.IPv4(0x7F000001, 0);

    public PemFiles Files { get; }

    public TurnNode Node { get; }

    public TurnSettings Rules { get; }

    public LoopCounters Loop => Node.Loops[0];

    public TransportAddress At(ClientTransport transport) => Node.Listening.First(listener => listener.Transport == transport).Address;

    public RawClient Client(ClientTransport transport) =>
        Open(transport == ClientTransport.Dtls
            ? new RawClient(new RawDtls(At(transport).ToIPEndPoint()), "alice", "secret")
            : new RawClient(At(transport), "alice", "secret", transport: transport));

    public RawStream Connect(ClientTransport transport, int? receiveBuffer = null, bool reads = true) =>
        Open(new RawStream(At(transport).ToIPEndPoint(), transport == ClientTransport.Tls, receiveBuffer, reads));

    /// <summary>Comes as a balancer with what it writes first.</summary>
    public RawStream Connect(ClientTransport transport, IPAddress from, byte[]? preface) =>
        Open(new RawStream(At(transport).ToIPEndPoint(), transport == ClientTransport.Tls, from: from, preface: preface));

    /// <summary>The same, to speak as alice.</summary>
    public RawClient Client(ClientTransport transport, IPAddress from, byte[]? preface) =>
        Open(new RawClient(Connect(transport, from, preface), "alice", "secret"));

    public void Dispose()
    {
        foreach (var thing in Enumerable.Reverse(_open)) thing.Dispose();
    }

    /// <summary>A client's data connection (RFC 6062 §3), bound.</summary>
    public DataWire Data(ClientTransport transport, uint connection, ReadOnlySpan<byte> behind = default)
    {
        var wire = Open(new DataWire(At(transport).ToIPEndPoint(), transport == ClientTransport.Tls) { Behind = behind.ToArray() });
        Assert.Null(new RawClient(wire, "alice", "secret").BindConnection(connection).Error);
        return wire;
    }

    public T Open<T>(T thing) where T : IDisposable
    {
        _open.Add(thing);
        return thing;
    }
}
