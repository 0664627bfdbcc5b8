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
    /// <param name="discovers">Whether it does the same at three more addresses, for RFC 5780.</param>
    public DtlsPortStand(DataPath path, ClientTransport[] transports, int workers = 1, bool discovers = false)
    {
        var files = Open(PemFiles.Create());
        Address = Free(StreamStand.Loopback);
        Discovery = discovers ? new(Address, Free(TransportAddress.IPv4(0x7F000002, 0))) : null;
        var settings = new TurnNodeSettings
        {
            Listen =
            [
                .. (Discovery?.Addresses ?? [Address]).SelectMany(at => transports.Select(transport => new TurnListener(at, transport))),
            ],
            Certificate = new(files.Certificate, files.Key),
            Workers = workers,
            DataPath = path,
            Rules = new()
            {
                Realm = "example.org", Relays = [new(StreamStand.Loopback)], AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
                Discovery = Discovery,
            },
        };
        var verifier = new CredentialVerifier("example.org", [new("alice", "secret")], []);
        Node = Open(TurnNode.Start(settings, verifier, NullLogger.Instance));
    }

    public TransportAddress Address { get; }

    public BehaviourDiscovery? Discovery { get; }

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

    static TransportAddress Free(in TransportAddress any)
    {
        using var probe = UdpDatagrams.Open(any);
        return probe.Local;
    }

    T Open<T>(T thing) where T : IDisposable
    {
        _open.Add(thing);
        return thing;
    }
}
