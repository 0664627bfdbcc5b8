using Portunus.Bedrock;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Relay;

/// <summary>A relayed address of each family in one allocation, over real sockets.</summary>
public sealed class DualAllocationTests
{
    [Fact]
    public void One_client_relays_to_peers_of_both_families_and_gives_up_one()
    {
        using var server = PortunusProcess.Serve(
            "turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--relay-address", "::1", "--realm", "example.org",
            "--user", "alice:secret", "--allow-peer", "127.0.0.0/8", "--allow-peer", "::1");
        using var alice = new RawClient(server.Listeners[0], "alice", "secret");
        using var four = new RawClient(server.Listeners[0], "alice", "secret");
        using var six = new RawClient(server.Listeners[0], "alice", "secret");
        var (hers, his, its) = (alice.AllocateBoth(), four.Allocate(), six.Allocate(IPFamily.IPv6));
        Assert.Equal((IPFamily.IPv4, IPFamily.IPv6), (hers.Relayed.Family, hers.Second?.Family));

        Assert.Null(alice.Permit(his.Relayed).Error);
        Assert.Null(alice.BindChannel(0x4000, its.Relayed).Error);
        Assert.Null(four.Permit(hers.Relayed).Error);
        Assert.Null(six.Permit(hers.Second!.Value).Error);
        alice.Send(his.Relayed, "by IPv4"u8);
        Assert.Equal("by IPv4"u8, four.Receive());
        alice.SendOnChannel(0x4000, "by IPv6"u8);
        Assert.Equal("by IPv6"u8, six.Receive());
        six.Send(hers.Second.Value, "and back"u8);
        Assert.Equal("and back"u8, alice.Receive());

        Assert.Null(alice.Refresh(0, IPFamily.IPv4).Error);
        Assert.Equal(Stun.ErrorCode.PeerAddressFamilyMismatch, alice.Permit(his.Relayed).Error);
        alice.SendOnChannel(0x4000, "still"u8);
        Assert.Equal("still"u8, six.Receive());
        Assert.Equal(0, server.Terminate());
        Assert.Matches(@"Allocation 0/0\.0 has a second relayed address, \[::1\]:\d+", server.Errors);
        Assert.Matches(@"Allocation 0/0\.0 lost its relayed address 127\.0\.0\.1:\d+, Deleted, and goes on", server.Errors);
    }
}
