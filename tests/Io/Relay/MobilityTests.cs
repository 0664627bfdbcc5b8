using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Relay;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Relay;

/// <summary>A client that comes from another address, over real sockets (RFC 8016).</summary>
public sealed class MobilityTests
{
    static readonly string[] Turn =
    [
        "turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", "example.org", "--user", "alice:secret",
        "--allow-peer", "127.0.0.0/8",
    ];

    [Fact]
    public void It_goes_on_with_its_channel_at_the_relay_that_its_peer_knows()
    {
        using var server = PortunusProcess.Serve([.. Turn, "--mobility"]);
        using var before = new RawClient(server.Listeners[0], "alice", "secret");
        using var after = new RawClient(server.Listeners[0], "alice", "secret");
        using var peer = new RawClient(server.Listeners[0], "alice", "secret");
        var (hers, his) = (before.AllocateMobile(), peer.Allocate());
        Assert.Null(before.BindChannel(0x4000, his.Relayed).Error);
        Assert.Null(peer.Permit(hers.Relayed).Error);

        var moved = after.Move(hers.Ticket!);
        Assert.Null(moved.Error);
        Assert.NotEqual(hers.Ticket, moved.Ticket);
        peer.Send(hers.Relayed, "to the old address"u8);
        Assert.Equal("to the old address"u8, before.Receive());
        after.SendOnChannel(0x4000, "from the new one"u8);
        Assert.Equal("from the new one"u8, peer.Receive());
        peer.Send(hers.Relayed, "and back to it"u8);
        Assert.Equal("and back to it"u8, after.Receive());
        Assert.Equal(Stun.ErrorCode.AllocationMismatch, before.Refresh(600).Error);
        Assert.Equal(0, server.Terminate());
        Assert.Matches(@"Allocation 0/0\.0 moved: client Udp 127\.0\.0\.1:\d+", server.Errors);
    }

    [Fact]
    public void It_goes_from_TCP_to_UDP_after_its_connection_broke_and_from_UDP_to_TCP()
    {
        Assert.SkipUnless(LinuxPath.IsServed, "TCP needs Linux on x64 or arm64");
        using var server = PortunusProcess.Serve([.. Turn, "--listen", "tcp:127.0.0.1:0", "--mobility"]);
        using var peer = new RawClient(server.Listeners[0], "alice", "secret");
        var his = peer.Allocate().Relayed;
        var byTcp = OverTcp(server);
        var hers = byTcp.AllocateMobile();
        Assert.Null(byTcp.BindChannel(0x4000, his).Error);
        Assert.Null(peer.Permit(hers.Relayed).Error);
        byTcp.Dispose();

        // Whether the server has seen the end already or not: what it says next, it says by UDP.
        using var byUdp = new RawClient(server.Listeners[0], "alice", "secret");
        var moved = byUdp.Move(hers.Ticket!);
        Assert.Null(moved.Error);
        byUdp.SendOnChannel(0x4000, "by UDP"u8);
        Assert.Equal("by UDP"u8, peer.Receive());
        peer.Send(hers.Relayed, "and back"u8);
        Assert.Equal("and back"u8, byUdp.Receive());

        using var again = OverTcp(server);
        Assert.Null(again.Move(moved.Ticket!).Error);
        again.SendOnChannel(0x4000, "by TCP"u8);
        Assert.Equal("by TCP"u8, peer.Receive());
        peer.Send(hers.Relayed, "and back"u8);
        Assert.Equal("and back"u8, again.Receive());
        Assert.Equal(0, server.Terminate());
    }

    static RawClient OverTcp(PortunusProcess server)
    {
        const string Listening = "listening tcp:";
        var line = server.Output.First(line => line.StartsWith(Listening, StringComparison.Ordinal));
        Assert.True(TransportAddress.TryParse(line.AsSpan(Listening.Length), out var listener));
        return new(listener, "alice", "secret", PasswordAlgorithm.Md5, ClientTransport.Tcp);
    }

    [Fact]
    public void Without_the_flag_a_client_that_asks_for_it_is_405_and_one_that_does_not_is_served()
    {
        using var server = PortunusProcess.Serve(Turn);
        using var client = new RawClient(server.Listeners[0], "alice", "secret");
        Assert.Equal(Stun.ErrorCode.MobilityForbidden, client.AllocateMobile().Error);
        Assert.Null(client.Allocate().Error);
        Assert.Equal(0, server.Terminate());
    }
}
