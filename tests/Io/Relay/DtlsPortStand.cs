using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Relay;
using Portunus.Tests.Io.Transport;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>A TURN node that hears UDP and DTLS at one port, and clients of it.</summary>
sealed class DtlsPortStand : IDisposable
{
    readonly List<IDisposable> _open = [];

    /// <param name="path">On what its sockets stand.</param>
    /// <param name="transports">In the order of the settings.</param>
    /// <param name="workers">How many.</param>
    public DtlsPortStand(DataPath path, ClientTransport[] transports, int workers = 1)
    {
        var files = Open(PemFiles.Create());
        using var probe = UdpDatagrams.Open(StreamStand.Loopback);
        Address = probe.Local;
        probe.Dispose();
        var settings = new TurnNodeSettings
        {
            Listen = [.. transports.Select(transport => new TurnListener(Address, transport))],
            Certificate = new(files.Certificate, files.Key),
            Workers = workers,
            DataPath = path,
            Rules = new()
            {
                Realm = "example.org", Relays = [new(StreamStand.Loopback)], AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
            },
        };
        var verifier = new CredentialVerifier("example.org", [new("alice", "secret")], []);
        Node = Open(TurnNode.Start(settings, verifier, NullLogger.Instance));
    }

    public TransportAddress Address { get; }

    public TurnNode Node { get; }

    public LoopCounters Loop => Node.Loops[0];

    public ListenerCounters Counters(ClientTransport transport) =>
        Loop.Listeners[Node.Listening.Select(listener => listener.Transport).ToList().IndexOf(transport)];

    public RawDtls Connect() => Open(new RawDtls(Address.ToIPEndPoint()));

    public RawClient Client(IRawWire wire) => Open(new RawClient(wire, "alice", "secret"));

    public RawClient Plain() => Open(new RawClient(Address, "alice", "secret"));

    public void Dispose()
    {
        foreach (var thing in Enumerable.Reverse(_open)) thing.Dispose();
    }

    T Open<T>(T thing) where T : IDisposable
    {
        _open.Add(thing);
        return thing;
    }
}
