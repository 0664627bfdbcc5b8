using System.Net;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>What comes through a balancer is bounded by whom the headers name, and two clients never have one five-tuple.</summary>
public sealed class ProxyLimitTests
{
    static readonly AddressRange[] Balancers = [AddressRange.Parse("127.0.0.9")];
    static readonly TransportAddress Front = ProxyHeaders.At("198.51.100.1:443");

    public ProxyLimitTests() => Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");

    [Fact]
    public void The_bound_of_an_address_is_for_the_header_s_and_not_for_the_balancer_s()
    {
        using var stand = new StreamStand(new StreamLimits { MostOfAddress = 2, MostSilentOfAddress = 1 }, balancers: Balancers);
        for (var i = 0; i < 10; i++) Assert.Null(Come(stand, $"203.0.113.{i}:4000").Bind().Error);
        Assert.Null(Come(stand, "203.0.113.0:4001").Bind().Error);
        var third = stand.Connect(ClientTransport.Tcp, ProxyProtocolTests.Balancer, Header("203.0.113.0:4002"));
        Assert.True(SpinWait.SpinUntil(() => third.HasEnded, TimeSpan.FromSeconds(60)));
        Assert.Equal(1, stand.Loop.StreamsRefused);
    }

    [Fact]
    public void So_many_may_wait_for_a_header_and_neither_they_nor_strangers_keep_the_others_out()
    {
        using var stand = new StreamStand(new StreamLimits { MostSilent = 3 }, balancers: Balancers);
        var waiting = Enumerable.Range(0, 3).Select(_ => stand.Connect(ClientTransport.Tcp, ProxyProtocolTests.Balancer, null)).ToArray();
        Assert.True(SpinWait.SpinUntil(() => stand.Loop.StreamsAccepted == 3, TimeSpan.FromSeconds(60)));
        var fourth = stand.Connect(ClientTransport.Tcp, ProxyProtocolTests.Balancer, Header("203.0.113.7:4000"));
        Assert.True(SpinWait.SpinUntil(() => fourth.HasEnded, TimeSpan.FromSeconds(60)));
        Assert.Null(stand.Client(ClientTransport.Tcp).Allocate().Error);
        waiting[0].Write(Header("203.0.113.7:4000"));
        waiting[0].Write([0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. new byte[12]]);
        Assert.NotNull(waiting[0].Receive(TimeSpan.FromSeconds(30)));
        Assert.Null(Come(stand, "203.0.113.8:4000").Allocate().Error);
    }

    [Fact]
    public void The_quota_of_an_address_is_for_the_header_s()
    {
        using var stand = new StreamStand(balancers: Balancers, adjust: rules => rules with { AddressQuota = 1 });
        Assert.Null(Come(stand, "203.0.113.7:4000").Allocate().Error);
        Assert.Null(Come(stand, "203.0.113.8:4000").Allocate().Error);
        Assert.Equal(ErrorCode.AllocationQuotaReached, Come(stand, "203.0.113.7:4001").Allocate().Error);
    }

    [Theory]
    [InlineData(1, ClientTransport.Tcp)]
    [InlineData(1, ClientTransport.Tls)]
    [InlineData(3, ClientTransport.Tcp)]
    public async Task Of_two_connections_with_one_five_tuple_the_newer_lives(int workers, ClientTransport transport)
    {
        const int Times = 12;
        using var stand = new StreamStand(workers: workers, balancers: Balancers);
        var header = Header("203.0.113.7:4000");
        var clients = new List<RawClient>();
        for (var i = 0; i < Times; i++)
        {
            clients.Add(stand.Client(transport, ProxyProtocolTests.Balancer, header));
            Assert.Null(clients[i].Allocate().Error);
        }

        await Eventually.TrueAsync(() => clients[..^1].All(client => client.IsClosed) && stand.Node.Sessions().Length == 1);
        Assert.Equal(Times - 1, stand.Node.Loops.Sum(loop => loop.StreamsReplaced));
        Assert.Equal(1, stand.Node.Connections);
        Assert.Null(clients[^1].Refresh(600).Error);
        clients[^1].Dispose();
        await Eventually.TrueAsync(() => stand.Node.Connections == 0);
    }

    [Fact]
    public void Who_comes_directly_with_the_address_of_a_header_has_another_connection_and_the_older_one_ends()
    {
        using var stand = new StreamStand(balancers: Balancers);
        var direct = stand.Client(ClientTransport.Tcp, IPAddress.Parse("127.0.0.8"), null);
        Assert.Null(direct.Allocate().Error);
        var proxied = Come(stand, $"{direct.Local}");
        Assert.Null(proxied.Allocate().Error);
        Assert.True(SpinWait.SpinUntil(() => direct.IsClosed, TimeSpan.FromSeconds(60)));
        Assert.Single(stand.Node.Sessions());
    }

    static RawClient Come(StreamStand stand, string client) =>
        stand.Client(ClientTransport.Tcp, ProxyProtocolTests.Balancer, Header(client));

    static byte[] Header(string client) => ProxyHeaders.Text(ProxyHeaders.At(client), Front);
}
