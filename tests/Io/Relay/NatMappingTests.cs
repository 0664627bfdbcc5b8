using Portunus.Bedrock;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Relay;

/// <summary>A relay address with an outer name, over real sockets; 192.0.2.9 (RFC 5737) leads nowhere, and need not.</summary>
public sealed class NatMappingTests
{
    [Fact]
    public void Two_clients_of_one_server_behind_a_NAT_talk_by_the_outer_address_that_they_were_told()
    {
        using var server = PortunusProcess.Serve(
            "turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1=192.0.2.9", "--realm", "example.org",
            "--user", "alice:secret", "--allow-peer", "192.0.2.9");
        using var alice = new RawClient(server.Listeners[0], "alice", "secret");
        using var bob = new RawClient(server.Listeners[0], "alice", "secret");
        var (hers, his) = (alice.Allocate().Relayed, bob.Allocate().Relayed);
        Assert.Equal(["192.0.2.9", "192.0.2.9"], [$"{hers.ToIPAddress()}", $"{his.ToIPAddress()}"]);

        Assert.Null(alice.Permit(his).Error);
        Assert.Null(bob.BindChannel(0x4000, hers).Error);
        alice.Send(his, "over here"u8);
        Assert.Equal("over here"u8, bob.Receive());
        bob.SendOnChannel(0x4000, "and back"u8);
        Assert.Equal("and back"u8, alice.Receive());
        Assert.Equal(Stun.ErrorCode.Forbidden, alice.Permit(TransportAddress.IPv4(0x7F000001, 9)).Error);
        Assert.Equal(0, server.Terminate());
    }
}
