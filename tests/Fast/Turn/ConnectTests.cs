using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Connect (RFC 6062 §5.2): each check, each answer of the outside, each bound.</summary>
public class ConnectTests
{
    readonly TurnStand _stand = new(TcpClient.Settings);

    [Fact]
    public void The_outside_connects_from_the_relayed_address_and_the_client_hears_the_id()
    {
        var client = TcpClient.Of(_stand);
        var relayed = client.AllocateTcp().Relayed;
        var (first, second) = (client.Connect(), client.Connect(TcpClient.Other));
        Assert.Equal((0, 0), (first.Code, second.Code));
        Assert.NotEqual(first.Connection, second.Connection);
        var asked = _stand.Connects.First();
        Assert.Equal((relayed, TurnStand.IP(TcpClient.Peer), first.Connection), (asked.Local, asked.Peer, asked.Connection.Value));
        Assert.True(first.VerifiesWith(client.Key));
        Assert.Equal(2, _stand.Server.Counters.PeerConnectionsBegan);
    }

    [Fact]
    public void Without_an_allocation_of_tcp_it_is_a_mismatch()
    {
        Assert.Equal(437, TcpClient.Of(_stand).Connect().Code);
        var udp = TcpClient.Of(_stand, "203.0.113.77:2");
        Assert.Equal(0, udp.Allocate().Code);
        Assert.Equal(437, udp.Connect().Code);
        Assert.Empty(_stand.Connects);
    }

    [Fact]
    public void Without_a_peer_or_with_a_malformed_one_it_is_a_bad_request()
    {
        var client = TcpClient.Control(_stand);
        Assert.Equal(400, client.Ask(StunMethod.Connect).Code);
        Assert.Equal(400, client.Ask(
            StunMethod.Connect, (ref StunWriter writer) => writer.Add(AttributeType.XorPeerAddress, [0, 1, 2, 3])).Code);
    }

    [Fact]
    public void A_second_one_to_the_same_peer_is_refused_while_the_first_is_under_way_and_while_it_lives()
    {
        _stand.Peers = _ => null;
        var client = TcpClient.Control(_stand);
        Assert.Equal(DropReason.Asked, client.Connect().Forward.Reason);
        Assert.Equal(446, client.Connect().Code);
        var ask = _stand.Effects.OfType<TurnEffect.Ask>().Last().Id;
        var connected = _stand.Answer(ask, new TurnAnswer.PeerConnected());
        Assert.Equal(0, connected.Code);
        Assert.Equal(446, client.Connect().Code);
        TcpClient.Data(_stand, connected.Connection);
        Assert.Equal(446, client.Connect().Code);
        _stand.LosePeer(connected.Connection);
        _stand.Peers = _ => new TurnAnswer.PeerConnected();
        Assert.Equal(0, client.Connect().Code);
    }

    [Fact]
    public void A_peer_that_refuses_is_told_and_nothing_is_kept()
    {
        _stand.Peers = _ => new TurnAnswer.PeerUnreachable();
        var client = TcpClient.Control(_stand);
        var kept = _stand.Server.Kept;
        Assert.Equal(447, client.Connect().Code);
        Assert.Equal((kept, 0), (_stand.Server.Kept, _stand.Connected.Count));
        _stand.Peers = _ => new TurnAnswer.PeerConnected();
        Assert.Equal(0, client.Connect().Code);
    }

    [Fact]
    public void After_thirty_seconds_of_silence_it_is_given_up_and_closed()
    {
        _stand.Peers = _ => null;
        var client = TcpClient.Control(_stand);
        client.Connect();
        Assert.Empty(_stand.Pass(TimeSpan.FromSeconds(29.9)));
        Assert.Single(_stand.Connected);
        Assert.Equal(447, Assert.Single(_stand.Pass(1)).Code);
        Assert.Empty(_stand.Connected);
    }

    [Theory]
    [InlineData("10.0.0.1:80", 403)]
    [InlineData("127.0.0.1:5432", 403)]
    [InlineData("9.9.9.9:0", 403)]
    [InlineData("[2606:4700::1]:80", 443)]
    [InlineData("[::ffff:10.0.0.1]:80", 403)]
    public void A_peer_that_is_none_is_refused_before_anything_is_asked(string peer, int code)
    {
        Assert.Equal(code, TcpClient.Control(_stand).Connect(peer).Code);
        Assert.Empty(_stand.Connects);
    }

    [Fact]
    public void Neither_listeners_nor_data_bases_of_this_process_are_peers_even_where_their_range_is_allowed()
    {
        var stand = new TurnStand(TcpClient.Settings with
        {
            AllowPeers = [AddressRange.Parse("10.0.0.0/8")], OwnListeners = [TurnStand.IP("10.0.0.5:5432")],
        });
        var client = TcpClient.Control(stand);
        Assert.Equal(403, client.Connect("10.0.0.5:5432").Code);
        Assert.Equal(0, client.Connect("10.0.0.5:80").Code);
    }

    [Fact]
    public void On_a_relay_address_only_ports_of_tcp_allocations_are_peers()
    {
        var client = TcpClient.Control(_stand);
        var udp = new TurnClient(_stand, "203.0.113.5:1").Allocate().Relayed;
        Assert.Equal(403, client.Connect(udp.ToString()).Code);
        var tcp = TcpClient.Of(_stand, "203.0.113.6:1").AllocateTcp().Relayed;
        Assert.Equal(0, client.Connect(tcp.ToString()).Code);
        // Nor is one of TCP a peer of UDP.
        var datagrams = new TurnClient(_stand, "203.0.113.7:1");
        datagrams.Allocate();
        Assert.Equal(403, datagrams.Bind(0x4000, tcp.ToString()).Code);
    }

    [Fact]
    public void By_the_limits_of_the_credential_a_peer_is_refused_and_by_new_rules_its_connection_ends()
    {
        var client = TcpClient.Control(_stand);
        var one = client.Connect().Connection;
        Assert.Equal(0, client.Connect("9.9.9.10:1").Code);
        _stand.Order(new TurnOrder.Apply(TcpClient.Settings with { DenyPeers = [AddressRange.Parse("9.9.9.9")] }));
        Assert.DoesNotContain(new ConnectionId(one!.Value), _stand.Connected);
        Assert.Single(_stand.Connected);
        Assert.Equal(403, client.Connect().Code);
    }

    [Fact]
    public void So_many_may_be_pending_and_so_many_live()
    {
        var stand = new TurnStand(TcpClient.Settings with { MaxConnections = 3, MaxPendingConnections = 2 });
        var client = TcpClient.Control(stand);
        uint?[] ids = [client.Connect("9.9.9.9:1").Connection, client.Connect("9.9.9.9:2").Connection];
        Assert.Equal(508, client.Connect("9.9.9.9:3").Code);
        for (var i = 0; i < ids.Length; i++) TcpClient.Data(stand, ids[i], 50000 + i);
        Assert.Equal(0, client.Connect("9.9.9.9:3").Code);
        Assert.Equal(508, client.Connect("9.9.9.9:4").Code);
    }

    [Fact]
    public void All_allocations_of_a_worker_share_a_bound()
    {
        var stand = new TurnStand(TcpClient.Settings with { MaxWorkerConnections = 1 });
        var (alice, other) = (TcpClient.Control(stand), TcpClient.Control(stand, "203.0.113.78:1"));
        Assert.Equal(0, alice.Connect().Code);
        Assert.Equal(508, other.Connect().Code);
    }

    [Fact]
    public void Who_looks_for_open_ports_is_slow()
    {
        _stand.Peers = _ => new TurnAnswer.PeerUnreachable();
        var client = TcpClient.Control(_stand);
        var tried = Enumerable.Range(1, 200).Count(port => client.Connect($"9.9.9.9:{port}").Code == 447);
        Assert.Equal(32, tried);
        _stand.Pass(10);
        tried = Enumerable.Range(1, 200).Count(port => client.Connect($"9.9.9.9:{port}").Code == 447);
        Assert.InRange(tried, 30, 40);
    }

    [Fact]
    public void A_connection_of_which_the_client_is_not_told_is_closed_again()
    {
        var stand = new TurnStand(TcpClient.Settings) { Peers = _ => null };
        var client = TcpClient.Control(stand);
        client.Connect();
        // Two turns of the keys: the nonce of the kept request is none any more.
        for (var turn = 0; turn < 2; turn++)
        {
            stand.Keys = stand.Keys.Rotate(stand.Random);
            stand.Order(new TurnOrder.UseNonceKeys(stand.Keys));
        }

        var reply = stand.Answer(stand.Effects.OfType<TurnEffect.Ask>().Last().Id, new TurnAnswer.PeerConnected());
        Assert.Equal(438, reply.Code);
        Assert.Empty(stand.Connected);
    }

    [Fact]
    public void An_answer_after_the_end_of_the_allocation_changes_nothing()
    {
        _stand.Peers = _ => null;
        var client = TcpClient.Control(_stand);
        client.Connect();
        var ask = _stand.Effects.OfType<TurnEffect.Ask>().Last().Id;
        _stand.LoseClient(client.Path);
        Assert.Equal(DropReason.Nothing, _stand.Answer(ask, new TurnAnswer.PeerConnected()).Forward.Reason);
        Assert.Equal((0, 0), (_stand.Connected.Count, _stand.Server.Kept));
    }
}
