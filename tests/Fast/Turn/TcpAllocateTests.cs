using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>An Allocate for TCP (RFC 6062 §5.1), and what goes by a control connection and what does not.</summary>
public class TcpAllocateTests
{
    [Theory]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Tls)]
    public void By_a_connection_a_relayed_address_of_tcp_is_given(ClientTransport transport)
    {
        var stand = new TurnStand(TcpClient.Settings);
        var reply = TcpClient.Of(stand, transport: transport).AllocateTcp();
        Assert.Equal((0, 600u, null), (reply.Code, reply.Lifetime, reply.Token));
        Assert.True(Assert.Single(stand.Asked).IsTcp);
        Assert.True(Assert.Single(stand.Ledger.Sessions()).IsTcp);
        Assert.Equal(stand.Asked.Single().Address.Port, reply.Relayed.Port);
    }

    [Fact]
    public void Where_it_is_off_the_transport_is_unsupported_and_the_methods_do_not_exist()
    {
        var stand = new TurnStand();
        var client = TcpClient.Of(stand);
        Assert.Equal(442, client.AllocateTcp().Code);
        Assert.Equal(0, client.Allocate().Code);
        Assert.Equal(DropReason.Unexpected, client.Connect().Forward.Reason);
        Assert.Equal(DropReason.Unexpected, client.BindConnection(7).Forward.Reason);
    }

    [Theory]
    [InlineData(ClientTransport.Udp)]
    [InlineData(ClientTransport.Dtls)]
    public void By_datagrams_it_is_a_bad_request(ClientTransport transport) =>
        Assert.Equal(400, TcpClient.Of(new(TcpClient.Settings), transport: transport).AllocateTcp().Code);

    [Fact]
    public void What_is_for_datagrams_alone_is_a_bad_request()
    {
        var client = TcpClient.Of(new(TcpClient.Settings));
        Assert.Equal(400, client.AllocateTcp((ref StunWriter writer) => writer.AddDontFragment()).Code);
        Assert.Equal(400, client.AllocateTcp((ref StunWriter writer) => writer.AddEvenPort(false)).Code);
        Assert.Equal(400, client.AllocateTcp((ref StunWriter writer) => writer.AddReservationToken(1)).Code);
        Assert.Equal(0, client.AllocateTcp().Code);
    }

    [Fact]
    public void Another_protocol_is_unsupported_still() => Assert.Equal(442, TcpClient.Of(new(TcpClient.Settings)).Ask(
        StunMethod.Allocate, (ref StunWriter writer) => writer.AddRequestedTransport(132)).Code);

    [Fact]
    public void Either_family_is_given_or_both()
    {
        var stand = new TurnStand(TcpClient.Settings);
        var six = TcpClient.Of(stand).AllocateTcp((ref StunWriter writer) => writer.AddRequestedAddressFamily(IPFamily.IPv6));
        Assert.Equal(IPFamily.IPv6, six.Relayed.Family);
        var both = TcpClient.Of(stand, "203.0.113.77:2").AllocateTcp(
            (ref StunWriter writer) => writer.AddAdditionalAddressFamily(IPFamily.IPv6));
        Assert.Equal([IPFamily.IPv4, IPFamily.IPv6], both.AllRelayed.Select(address => address.Family));
        Assert.All(stand.Asked, question => Assert.True(question.IsTcp));
    }

    [Fact]
    public void No_data_goes_by_a_control_connection_and_no_channel_is_bound()
    {
        var stand = new TurnStand(TcpClient.Settings);
        var client = TcpClient.Control(stand);
        Assert.Equal(0, client.Permit("9.9.9.9:0").Code);
        Assert.Equal(400, client.Bind(0x4000, TcpClient.Peer).Code);
        Assert.Equal(DropReason.NoChannel, client.Data(0x4000, "data").Forward.Reason);
        Assert.Equal(DropReason.NoRelay, client.SendTo(TcpClient.Peer, "data").Forward.Reason);
    }

    [Fact]
    public void It_is_refreshed_and_deleted_as_any_other()
    {
        var stand = new TurnStand(TcpClient.Settings);
        var client = TcpClient.Control(stand);
        Assert.Equal(900u, client.Refresh(900).Lifetime);
        Assert.Equal(0, client.Refresh(0).Code);
        Assert.Equal((0, 0), (stand.Opened.Count, stand.Server.Kept));
        Assert.Equal(0, stand.Ledger.PortsHeld);
    }
}
