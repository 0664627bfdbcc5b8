using System.Net;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>Behind a balancer a client is who the header says, whatever its version and however it comes.</summary>
public sealed class ProxyProtocolTests
{
    public static readonly IPAddress Balancer = IPAddress.Parse("127.0.0.9");
    static readonly AddressRange[] Balancers = [AddressRange.Parse("127.0.0.9")];
    static readonly TransportAddress Front = ProxyHeaders.At("198.51.100.1:443");
    static readonly byte[] Binding = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. new byte[12]];

    public ProxyProtocolTests() => Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");

    public static TheoryData<int, ClientTransport, string> Everything => new MatrixTheoryData<int, ClientTransport, string>(
        [1, 2], [ClientTransport.Tcp, ClientTransport.Tls], ["203.0.113.7:40000", "[2001:db8::7]:40000"]);

    [Theory, MemberData(nameof(Everything))]
    public void A_client_is_who_the_header_says_for_itself_and_for_the_operator(int version, ClientTransport transport, string name)
    {
        using var stand = new StreamStand(balancers: Balancers);
        var client = ProxyHeaders.At(name);
        var alice = stand.Client(transport, Balancer, Header(version, client));
        var bob = stand.Client(ClientTransport.Udp);
        Assert.Equal(client, alice.Bind().Mapped);
        var hers = alice.Allocate();
        Assert.Null(hers.Error);
        Assert.Equal(client, hers.Mapped);
        Assert.Equal(new FiveTuple(client, stand.At(transport), transport), Assert.Single(stand.Node.Sessions()).Client);
        var his = bob.Allocate().Relayed;
        Assert.Null(alice.BindChannel(0x4000, his).Error);
        Assert.Null(bob.Permit(hers.Relayed).Error);
        alice.SendOnChannel(0x4000, "there"u8);
        Assert.Equal("there"u8, bob.Receive());
        bob.Send(hers.Relayed, "and back"u8);
        Assert.Equal("and back"u8, alice.Receive());
    }

    [Fact]
    public void A_header_may_come_byte_by_byte_and_with_the_first_message_behind_it_or_half_of_one()
    {
        using var stand = new StreamStand(balancers: Balancers);
        var clock = stand.Client(ClientTransport.Udp);
        foreach (var version in new[] { 1, 2 })
        {
            var header = Header(version, ProxyHeaders.At("203.0.113.7:40000"));
            foreach (var cuts in new int[][] { [.. Enumerable.Range(1, header.Length + 5)], [header.Length], [header.Length + 9], [] })
            {
                var stream = stand.Connect(ClientTransport.Tcp, Balancer, null);
                byte[] all = [.. header, .. Binding];
                var from = 0;
                foreach (var cut in cuts.Append(all.Length))
                {
                    stream.Write(all.AsSpan(from..cut));
                    from = cut;
                    clock.Bind(); // The one worker has seen that piece.
                }

                Assert.NotNull(stream.Receive(TimeSpan.FromSeconds(30)));
            }
        }

        Assert.Equal(0, stand.Loop.HeadersRefused);
    }

    [Fact]
    public void Extensions_behind_the_addresses_are_passed_over()
    {
        using var stand = new StreamStand(balancers: Balancers);
        var client = ProxyHeaders.At("203.0.113.7:40000");
        var alice = stand.Client(ClientTransport.Tls, Balancer, ProxyHeaders.Binary(client, Front, extensions: 1000));
        Assert.Equal(client, alice.Allocate().Mapped);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_balancer_that_speaks_for_itself_has_its_own_address(int version)
    {
        using var stand = new StreamStand(balancers: Balancers);
        var itself = stand.Client(ClientTransport.Tcp, Balancer, ProxyHeaders.Own(version));
        Assert.Equal(itself.Local, itself.Bind().Mapped);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task From_anybody_else_a_header_is_not_believed_and_none_is_needed(int version)
    {
        using var stand = new StreamStand(new StreamLimits { FirstMessage = TimeSpan.FromMilliseconds(500) }, balancers: Balancers);
        var forger = stand.Connect(ClientTransport.Tcp, IPAddress.Parse("127.0.0.8"), null);
        forger.Write([.. Header(version, ProxyHeaders.At("203.0.113.7:40000")), .. Binding]);
        await Eventually.TrueAsync(() => forger.HasEnded);
        Assert.Null(forger.Receive(TimeSpan.Zero));
        Assert.Equal(0, stand.Loop.HeadersRefused);
        var honest = stand.Client(ClientTransport.Tcp, IPAddress.Parse("127.0.0.8"), null);
        Assert.Equal(honest.Local, honest.Bind().Mapped);
    }

    [Fact]
    public async Task What_is_no_header_closes_a_balancers_connection_and_is_counted()
    {
        using var stand = new StreamStand(balancers: Balancers);
        var client = ProxyHeaders.At("203.0.113.7:40000");
        byte[][] hostile =
        [
            Binding, "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), [0x16, 3, 1, 2, 0], "PROXY TCP4 203.0.113.7\r\n"u8.ToArray(),
            [.. "PROXY UNKNOWN "u8, .. new byte[200]], ProxyHeaders.Binary(client, Front, kind: 0x12),
            ProxyHeaders.Binary(client, Front, extensions: 5000), [.. Header(2, client)[..12], 0x31, 0x11, 0, 12],
        ];
        foreach (var bytes in hostile)
        {
            var stream = stand.Connect(ClientTransport.Tcp, Balancer, bytes);
            await Eventually.TrueAsync(() => stream.HasEnded);
        }

        Assert.Equal(hostile.Length, stand.Loop.HeadersRefused);
        Assert.Equal(0, stand.Node.Connections);
        Assert.Null(stand.Client(ClientTransport.Tcp, Balancer, Header(2, client)).Allocate().Error);
    }

    [Fact]
    public async Task Who_takes_too_long_for_a_header_is_closed()
    {
        using var stand = new StreamStand(new StreamLimits { FirstMessage = TimeSpan.FromMilliseconds(300) }, balancers: Balancers);
        foreach (var transport in new[] { ClientTransport.Tcp, ClientTransport.Tls })
        {
            using var slow = new RawStream(stand.At(transport).ToIPEndPoint(), false, from: Balancer, preface: [.. "PROXY TCP4 203."u8]);
            await Eventually.TrueAsync(() => slow.HasEnded);
        }

        Assert.Equal(2, stand.Loop.StreamsTimedOut);
        Assert.Equal(0, stand.Node.Connections);
    }

    [Fact]
    public void Balancers_change_while_it_runs_and_who_is_there_stays()
    {
        using var stand = new StreamStand();
        var direct = stand.Client(ClientTransport.Tcp, Balancer, null);
        Assert.Equal(direct.Local, direct.Allocate().Mapped);
        stand.Node.Use(new(), [.. Balancers]);
        var client = ProxyHeaders.At("203.0.113.7:40000");
        Assert.Equal(client, stand.Client(ClientTransport.Tcp, Balancer, Header(1, client)).Allocate().Mapped);
        Assert.Null(direct.Refresh(600).Error);
    }

    static byte[] Header(int version, TransportAddress client) => ProxyHeaders.Of(
        version, client, client.Family == IPFamily.IPv4 ? Front : ProxyHeaders.At("[2001:db8::1]:443"));
}
