using System.Net;
using System.Text;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>TCP and TLS at one port, told apart by the first byte (RFC 8489 §8.1).</summary>
public sealed class OnePortTests
{
    static readonly ClientTransport[] Both = [ClientTransport.Tcp, ClientTransport.Tls];
    static readonly IPAddress Balancer = IPAddress.Parse("127.0.0.9");

    public OnePortTests() => Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Clients_of_both_are_served_at_one_port_and_counted_apart(int workers)
    {
        using var stand = Start(workers);
        Assert.Equal(stand.At(ClientTransport.Tcp), stand.At(ClientTransport.Tls));
        for (var i = 0; i < 6; i++)
            foreach (var transport in Both)
            {
                var client = stand.Client(transport);
                Assert.Equal(client.Local, client.Allocate().Mapped);
                Assert.Contains(stand.Node.Sessions(), one => one.Client == new FiveTuple(client.Local, stand.At(transport), transport));
            }

        foreach (var transport in Both)
        {
            var number = stand.Node.Listening.IndexOf(new(stand.At(transport), transport));
            Assert.Equal(12, stand.Node.Loops.Sum(loop => loop.Listeners[number].Received));
        }
    }

    [Fact]
    public void Behind_a_header_the_first_byte_tells_as_well()
    {
        using var stand = Start();
        foreach (var transport in Both)
        {
            var client = ProxyHeaders.At("203.0.113.7:40000");
            var header = ProxyHeaders.Binary(client, ProxyHeaders.At("198.51.100.1:443"));
            Assert.Equal(client, stand.Client(transport, Balancer, header).Allocate().Mapped);
        }

        // One address and port of a client by two transports are two five-tuples.
        Assert.Equal(2, stand.Node.Sessions().Length);
    }

    [Fact]
    public async Task What_begins_like_neither_is_closed_and_what_says_nothing_too()
    {
        using var stand = Start(limits: new() { FirstMessage = TimeSpan.FromMilliseconds(500) });
        var silent = stand.Connect(ClientTransport.Tcp);
        foreach (var nonsense in new[] { "\u0080\u002e\u0001", "\u0017\u0003\u0003", "\u0004", "\r\n" })
        {
            var stranger = stand.Connect(ClientTransport.Tcp);
            stranger.Write(Encoding.Latin1.GetBytes(nonsense));
            await Eventually.TrueAsync(() => stranger.HasEnded);
        }

        await Eventually.TrueAsync(() => silent.HasEnded);
        Assert.Equal(0, stand.Node.Connections);
    }

    [Fact]
    public void The_first_byte_may_come_alone()
    {
        using var stand = Start();
        var (clock, stream) = (stand.Client(ClientTransport.Tls), stand.Connect(ClientTransport.Tcp));
        stream.Write([0]);
        clock.Bind(); // The one worker has seen it.
        stream.Write([1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. new byte[12]]);
        Assert.NotNull(stream.Receive(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void With_port_0_each_has_a_port_of_its_own()
    {
        using var stand = new StreamStand();
        Assert.NotEqual(stand.At(ClientTransport.Tcp), stand.At(ClientTransport.Tls));
    }

    /// <summary>A port that was free a moment ago may be taken by now: then with the next one.</summary>
    static StreamStand Start(int workers = 1, StreamLimits? limits = null)
    {
        for (var tries = 1; ; tries++)
        {
            using var probe = StreamSockets.Bind(StreamStand.Loopback);
            var address = TransportAddress.From((IPEndPoint)probe.LocalEndPoint!);
            probe.Dispose();
            try
            {
                return new(
                    limits, workers, balancers: [AddressRange.Parse("127.0.0.9")],
                    listen: [.. Both.Select(transport => new TurnListener(address, transport))]);
            }
            catch (RefusedException) when (tries < 20)
            {
                // Taken.
            }
        }
    }
}
