using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>A peer that connects to a relayed address (RFC 6062 §5.3).</summary>
public class ConnectionAttemptTests
{
    readonly TurnStand _stand = new(TcpClient.Settings);

    [Fact]
    public void One_with_a_permission_is_told_to_the_client()
    {
        var client = TcpClient.Control(_stand);
        client.Permit("9.9.9.9:0");
        var told = _stand.Knock(TcpClient.Relay(_stand), TcpClient.Peer);
        Assert.Equal((StunClass.Indication, StunMethod.ConnectionAttempt), (told.Class, told.Method));
        Assert.Equal((TurnStand.IP(TcpClient.Peer), client.Path), (told.Peer, told.Forward.Path));
        Assert.Equal(0, TcpClient.Of(_stand, "203.0.113.77:2").BindConnection(told.Connection).Code);
        Assert.Equal(446, client.Connect().Code);
    }

    [Fact]
    public void One_without_is_refused_and_counted()
    {
        TcpClient.Control(_stand);
        Assert.Equal(DropReason.NoPermission, _stand.Knock(TcpClient.Relay(_stand), TcpClient.Peer).Forward.Reason);
        Assert.Equal(1, _stand.Server.Counters.Drops(DropReason.NoPermission));
        Assert.Empty(_stand.Connected);
    }

    [Fact]
    public void A_permission_that_is_over_is_none()
    {
        var client = TcpClient.Control(_stand);
        client.Permit("9.9.9.9:0");
        _stand.Pass(300);
        Assert.Equal(DropReason.NoPermission, _stand.Knock(TcpClient.Relay(_stand), TcpClient.Peer).Forward.Reason);
    }

    [Fact]
    public void Who_is_no_peer_any_more_is_refused_although_it_was_permitted()
    {
        var stand = new TurnStand(TcpClient.Settings with
        {
            AllowPeers = [AddressRange.Parse("10.0.0.0/8")], OwnListeners = [TurnStand.IP("10.0.0.5:5432")],
        });
        TcpClient.Control(stand).Permit("10.0.0.5:0");
        Assert.Equal(DropReason.ForbiddenPeer, stand.Knock(TcpClient.Relay(stand), "10.0.0.5:5432").Forward.Reason);
        Assert.Equal(ForwardKind.ToClient, stand.Knock(TcpClient.Relay(stand), "10.0.0.5:40000").Forward.Kind);
    }

    [Fact]
    public void What_comes_to_a_relay_of_udp_or_to_none_is_refused()
    {
        new TurnClient(_stand).Allocate();
        Assert.Equal(DropReason.NoRelay, _stand.Knock(TcpClient.Relay(_stand), TcpClient.Peer).Forward.Reason);
        Assert.Equal(DropReason.NoRelay, _stand.Knock(new(77), TcpClient.Peer).Forward.Reason);
    }

    [Fact]
    public void So_many_may_wait_for_the_client_and_the_others_are_refused()
    {
        var stand = new TurnStand(TcpClient.Settings with { MaxPendingConnections = 2 });
        TcpClient.Control(stand).Permit("9.9.9.9:0");
        var reasons = Enumerable.Range(1, 3).Select(port => stand.Knock(TcpClient.Relay(stand), $"9.9.9.9:{port}").Forward.Reason);
        Assert.Equal([DropReason.None, DropReason.None, DropReason.TooManyConnections], reasons.ToArray());
    }

    [Fact]
    public void One_that_nobody_binds_is_closed_after_thirty_seconds()
    {
        TcpClient.Control(_stand).Permit("9.9.9.9:0");
        var id = _stand.Knock(TcpClient.Relay(_stand), TcpClient.Peer).Connection;
        _stand.Pass(TimeSpan.FromSeconds(29.9));
        Assert.Single(_stand.Connected);
        _stand.Pass(1);
        Assert.Empty(_stand.Connected);
        Assert.Equal(400, TcpClient.Of(_stand, "203.0.113.77:2").BindConnection(id).Code);
        Assert.Equal((1, 1), (_stand.Server.Counters.PeerConnectionsBegan, _stand.Server.Counters.PeerConnectionsEnded));
    }

    [Fact]
    public void A_relay_behind_the_same_nat_is_known_by_its_outer_name()
    {
        var settings = TcpClient.Settings with { Relays = [new(TurnStand.IP("10.1.1.1:0"), TurnStand.IP("198.41.0.4:0"))] };
        var stand = new TurnStand(settings with { AllowPeers = [AddressRange.Parse("10.1.1.1")] });
        var (alice, bob) = (TcpClient.Of(stand), TcpClient.Of(stand, "203.0.113.8:1"));
        var (hers, his) = (alice.AllocateTcp().Relayed, bob.AllocateTcp().Relayed);
        alice.Permit(his.ToString());
        Assert.Equal(0, bob.Connect(hers.ToString()).Code);
        Assert.Equal($"10.1.1.1:{hers.Port}", stand.Connects.Single().Peer.ToString());
        Assert.Equal(his, stand.Knock(TcpClient.Relay(stand), $"10.1.1.1:{his.Port}").Peer);
    }
}
