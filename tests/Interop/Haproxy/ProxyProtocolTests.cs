using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Relay;
using Portunus.Tests.Interop.Coturn;
using Portunus.Tests.Io;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Transport;
using Portunus.Turn;
using static Portunus.Tests.Interop.Coturn.UclientRun;

namespace Portunus.Tests.Interop.Haproxy;

/// <summary>Clients that come through <c>haproxy</c> by <c>send-proxy</c> and <c>send-proxy-v2</c>, coturn's among them.</summary>
public sealed class ProxyProtocolTests(CoturnFixture fixture) : IDisposable
{
    readonly List<IDisposable> _open = [];

    public void Dispose()
    {
        foreach (var thing in Enumerable.Reverse(_open)) thing.Dispose();
    }

    [Theory]
    [InlineData("send-proxy", ClientTransport.Tcp)]
    [InlineData("send-proxy", ClientTransport.Tls)]
    [InlineData("send-proxy-v2", ClientTransport.Tcp)]
    [InlineData("send-proxy-v2", ClientTransport.Tls)]
    public void Uclient_relays_without_loss_and_a_client_is_known_by_its_own_address(string option, ClientTransport transport)
    {
        var node = Start();
        var balancer = Open(HaproxyProgram.Start(node.Listeners[0], option));
        var security = transport == ClientTransport.Tls ? (string[])["-S"] : [];
        Once(["-t", .. security, "-u", "alice", "-w", "wonderland", "-c", "-s", .. fixture.ToPeer, .. Messages(500), .. At(balancer.Front)])
            .AssertNoLoss(500);
        Assert.NotEqual(0, node.Decisions[0].By(transport).AllocationsBegan);

        var client = Open(new RawClient(balancer.Front, "alice", "wonderland", transport: transport));
        Assert.Equal(client.Local, client.Allocate().Mapped);
        Assert.Contains(node.Sessions(), one => one.Client == new FiveTuple(client.Local, node.Listeners[0], transport));
        Assert.Equal(0, node.Loops[0].HeadersRefused);
    }

    /// <summary>A health check of haproxy begins with the command LOCAL, or UNKNOWN, and ends at once.</summary>
    [Theory]
    [InlineData("send-proxy check inter 50")]
    [InlineData("send-proxy-v2 check inter 50")]
    public async Task Health_checks_are_no_hostile_bytes_and_leave_nothing_behind(string options)
    {
        var node = Start();
        Open(HaproxyProgram.Start(node.Listeners[0], options));
        await Eventually.TrueAsync(() => node.Loops[0].StreamsAccepted >= 5);
        await Eventually.TrueAsync(() => node.Connections == 0);
        Assert.Equal(0, node.Loops[0].HeadersRefused);
        Assert.Equal(0, node.Loops[0].StreamsTimedOut);
    }

    [Fact]
    public async Task Without_a_header_a_balancer_that_is_known_as_one_reaches_nobody()
    {
        var node = Start();
        var balancer = Open(HaproxyProgram.Start(node.Listeners[0], ""));
        var run = Once(["-t", "-u", "alice", "-w", "wonderland", "-c", "-s", .. fixture.ToPeer, .. Messages(1), .. At(balancer.Front)]);
        Assert.NotEqual(0, run.ExitCode);
        await Eventually.TrueAsync(() => node.Loops[0].HeadersRefused > 0);
    }

    /// <summary>TCP and TLS at one port.</summary>
    TurnNode Start()
    {
        var files = Open(PemFiles.Create());
        for (var tries = 1; ; tries++)
        {
            using var probe = UdpDatagrams.Open(TransportAddress.IPv4(0x7F000001, 0));
            var address = probe.Local;
            probe.Dispose();
            var rules = new TurnSettings
            {
                Realm = "example.org",
                Relays = [new(address.WithPort(0))],
                AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
            };
            var settings = new TurnNodeSettings
            {
                Listen = [new(address, ClientTransport.Tcp), new(address, ClientTransport.Tls)],
                Certificate = new(files.Certificate, files.Key),
                ProxyProtocolFrom = [AddressRange.Parse(HaproxyProgram.Address)],
                Rules = rules,
            };
            try
            {
                var verifier = new CredentialVerifier(rules.Realm, [new("alice", "wonderland")], []);
                return Open(TurnNode.Start(settings, verifier, NullLogger.Instance));
            }
            catch (Nodes.RefusedException) when (tries < 20)
            {
                // A port that is free for UDP may be another program's of TCP: then with the next one.
            }
        }
    }

    T Open<T>(T thing) where T : IDisposable
    {
        _open.Add(thing);
        return thing;
    }
}
