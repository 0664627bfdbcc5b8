using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>ConnectionBind (RFC 6062 §5.4), and the ends of data connections (§5.5).</summary>
public class ConnectionBindTests
{
    readonly TurnStand _stand = new(TcpClient.Settings);

    IEnumerable<TurnEffect.Splice> Splices => _stand.Effects.OfType<TurnEffect.Splice>();

    [Theory]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Tls)]
    public void From_a_new_connection_the_two_become_one(ClientTransport transport)
    {
        var id = TcpClient.Control(_stand).Connect().Connection;
        var data = TcpClient.Of(_stand, "203.0.113.77:2", transport);
        var reply = data.BindConnection(id);
        Assert.Equal(0, reply.Code);
        Assert.True(reply.VerifiesWith(data.Key));
        Assert.Equal(new TurnEffect.Splice(new(id!.Value), data.Path), Assert.Single(Splices));
        Assert.True(_stand.Server.HasAllocation(_stand.Now, data.Path));
        // Nobody waits for it any more.
        _stand.Pass(60);
        Assert.Single(_stand.Connected);
    }

    [Fact]
    public void Without_an_id_or_with_a_wrong_one_it_is_a_bad_request()
    {
        var id = TcpClient.Control(_stand).Connect().Connection;
        var data = TcpClient.Of(_stand, "203.0.113.77:2");
        Assert.Equal(400, data.Ask(StunMethod.ConnectionBind).Code);
        Assert.Equal(400, data.BindConnection(id + 1).Code);
        Assert.Equal(400, data.Ask(
            StunMethod.ConnectionBind, (ref StunWriter writer) => writer.Add(AttributeType.ConnectionId, [1, 2])).Code);
        Assert.Empty(Splices);
    }

    [Fact]
    public void A_second_one_finds_nothing()
    {
        var id = TcpClient.Control(_stand).Connect().Connection;
        TcpClient.Data(_stand, id);
        Assert.Equal(400, TcpClient.Of(_stand, "203.0.113.77:3").BindConnection(id).Code);
        Assert.Single(Splices);
    }

    [Fact]
    public void A_later_connection_from_the_same_address_takes_the_place_of_one_whose_end_was_not_heard()
    {
        var control = TcpClient.Control(_stand);
        var (first, second) = (control.Connect().Connection, control.Connect(TcpClient.Other).Connection);
        var gone = TcpClient.Data(_stand, first);
        var next = new TurnClient(_stand) { Path = gone.Path with { Listener = gone.Path.Listener + 1 } };
        Assert.Equal(0, next.BindConnection(second).Code);
        Assert.Equal(new(second!.Value), Assert.Single(_stand.Connected));
        _stand.Close(gone.Path);
        Assert.Equal(new(second!.Value), Assert.Single(_stand.Connected));
        _stand.Close(next.Path);
        Assert.Empty(_stand.Connected);
    }

    [Fact]
    public void One_that_is_still_connecting_cannot_be_bound()
    {
        _stand.Peers = _ => null;
        TcpClient.Control(_stand).Connect();
        var id = _stand.Connects.Single().Connection.Value;
        Assert.Equal(400, TcpClient.Of(_stand, "203.0.113.77:2").BindConnection(id).Code);
    }

    [Theory]
    [InlineData(ClientTransport.Udp)]
    [InlineData(ClientTransport.Dtls)]
    public void By_datagrams_it_is_a_bad_request(ClientTransport transport)
    {
        var id = TcpClient.Control(_stand).Connect().Connection;
        Assert.Equal(400, TcpClient.Of(_stand, "203.0.113.77:2", transport).BindConnection(id).Code);
    }

    [Fact]
    public void By_a_connection_that_controls_an_allocation_it_is_a_mismatch()
    {
        var control = TcpClient.Control(_stand);
        var id = control.Connect().Connection;
        Assert.Equal(437, control.BindConnection(id).Code);
        Assert.Empty(Splices);
    }

    [Fact]
    public void Of_another_user_it_has_the_wrong_credentials_and_of_nobody_it_is_challenged()
    {
        var id = TcpClient.Control(_stand).Connect().Connection;
        Assert.Equal(441, TcpClient.Of(_stand, "203.0.113.9:2", isBob: true).BindConnection(id).Code);
        var stranger = TcpClient.Of(_stand, "203.0.113.9:3");
        Assert.Equal(401, stranger.Bare(StunMethod.ConnectionBind, (ref StunWriter w) => w.AddConnectionId(id!.Value)).Code);
        stranger.Password = "guessed";
        Assert.Equal(401, stranger.BindConnection(id).Code);
        Assert.Empty(Splices);
        Assert.Equal(0, TcpClient.Of(_stand, "203.0.113.77:2").BindConnection(id).Code);
    }

    [Fact]
    public void One_that_is_another_workers_is_carried_there_with_its_request_and_one_of_a_worker_that_is_not_is_none()
    {
        var settings = TcpClient.Settings with { Workers = 3 };
        var ledger = new TurnLedger(settings);
        var (first, second) = (new TurnStand(settings, ledger: ledger), new TurnStand(settings, ledger: ledger, worker: 2));
        var id = TcpClient.Control(second).Connect().Connection;
        var data = TcpClient.Of(first, "203.0.113.77:2");
        var forward = data.BindConnection(id).Forward;
        Assert.Equal((ForwardKind.HandOver, new WorkerId(2)), (forward.Kind, forward.Worker));
        Assert.Equal(400, data.BindConnection(id | 0xFF000000).Code);
        // There it is bound by the same nonce.
        var there = TcpClient.Of(second, "203.0.113.77:2");
        there.Nonce = data.Nonce;
        Assert.Equal(0, there.BindConnection(id).Code);
    }

    [Fact]
    public void The_nonce_of_the_control_connection_is_good_for_its_connections_and_for_nothing_else()
    {
        var control = TcpClient.Control(_stand);
        var id = control.Connect().Connection;
        var data = TcpClient.Of(_stand, "203.0.113.77:2");
        data.Nonce = control.Nonce;
        Assert.Equal(438, data.BindConnection(id + 1).Code);
        Assert.Equal(438, data.Allocate().Code);
        Assert.Equal(0, data.BindConnection(id).Code);
        // It ages as ever.
        id = control.Connect(TcpClient.Other).Connection;
        _stand.Server.OnOrder(_stand.Now, new TurnOrder.UseNonceKeys(NonceKeys.Draw(_stand.Random)));
        var late = TcpClient.Of(_stand, "203.0.113.77:3");
        late.Nonce = control.Nonce;
        Assert.Equal(438, late.BindConnection(id).Code);
    }

    [Fact]
    public void Who_shows_no_integrity_has_nothing_carried()
    {
        var stand = new TurnStand(TcpClient.Settings with { Workers = 2 });
        var stranger = TcpClient.Of(stand);
        Assert.Equal(401, stranger.Bare(StunMethod.ConnectionBind, (ref StunWriter w) => w.AddConnectionId(0x01000000)).Code);
    }

    [Fact]
    public void The_holder_of_a_token_binds_with_it_or_without_it_and_another_holder_does_not()
    {
        var stand = TokenClient.Stand(TcpClient.Settings);
        var control = new TokenClient(stand, transport: ClientTransport.Tcp);
        Assert.Equal(0, control.Ask(StunMethod.Allocate, (ref StunWriter writer) => writer.AddRequestedTransport(6)).Code);
        var (one, two) = (Connect(TcpClient.Peer), Connect(TcpClient.Other));
        Assert.Equal(0, Bind("203.0.113.77:2", one, withToken: false, (control.Kid, control.MacKey, control.Token)));
        var other = TokenClient.Mint(stand.Now, id: "grant002");
        Assert.Equal(441, Bind("203.0.113.77:3", two, withToken: true, other));
        Assert.Equal(401, Bind("203.0.113.77:4", two, withToken: false, other));
        Assert.Equal(0, Bind("203.0.113.77:5", two, withToken: true, TokenClient.Mint(stand.Now, TokenClient.Second)));

        uint Connect(string peer) => control.Ask(
            StunMethod.Connect, (ref StunWriter w) => w.AddXorAddress(AttributeType.XorPeerAddress, TurnStand.IP(peer))).Connection!.Value;
        int Bind(string address, uint id, bool withToken, (string, byte[], byte[]) minted) =>
            new TokenClient(stand, address, ClientTransport.Tcp).Take(minted)
                .Ask(StunMethod.ConnectionBind, (ref StunWriter writer) => writer.AddConnectionId(id), withToken).Code;
    }

    [Fact]
    public void The_end_of_the_clients_connection_closes_the_peers_and_the_other_way_round()
    {
        var control = TcpClient.Control(_stand);
        var (one, two) = (control.Connect().Connection, control.Connect(TcpClient.Other).Connection);
        var (first, second) = (TcpClient.Data(_stand, one, 2), TcpClient.Data(_stand, two, 3));
        _stand.LoseClient(first.Path);
        Assert.Equal([new(two!.Value)], _stand.Connected);
        _stand.LosePeer(two);
        Assert.False(_stand.Server.HasAllocation(_stand.Now, second.Path));
        Assert.Equal(2, _stand.Server.Counters.PeerConnectionsEnded);
        // The allocation goes on, and the peers may be had again.
        Assert.Equal((0, 0), (control.Refresh().Code, control.Connect().Code));
    }

    [Fact]
    public void Every_end_of_the_allocation_closes_all_of_its_connections_whatever_their_state()
    {
        Action<TurnStand, TurnClient>[] ends =
        [
            (_, client) => client.Refresh(0),
            (stand, _) => stand.Pass(600),
            (stand, client) => stand.LoseClient(client.Path),
            (stand, _) => stand.Order(new TurnOrder.Revoke([new(CredentialKind.Static, Bytes.Utf8("alice"))])),
            (stand, _) => stand.Order(new TurnOrder.Stop()),
        ];
        foreach (var end in ends)
        {
            var stand = new TurnStand(TcpClient.Settings);
            var control = TcpClient.Control(stand);
            control.Permit("9.9.9.9:0");
            TcpClient.Data(stand, control.Connect().Connection);
            stand.Pass(570);
            stand.Knock(TcpClient.Relay(stand), "9.9.9.9:7");
            control.Connect("9.9.9.8:8");
            stand.Peers = _ => null;
            control.Connect("9.9.9.8:9");
            Assert.InRange(stand.Connected.Count, 3, 4);
            end(stand, control);
            Assert.Empty(stand.Connected);
            Assert.Equal((0, 0), (stand.Opened.Count, stand.Server.Kept));
        }
    }

    [Fact]
    public void Of_a_dual_allocation_the_end_of_one_family_closes_the_connections_of_that_one()
    {
        var control = TcpClient.Of(_stand);
        control.AllocateTcp((ref StunWriter writer) => writer.AddAdditionalAddressFamily(IPFamily.IPv6));
        var four = control.Connect().Connection;
        Assert.Equal(0, control.Connect("[2606:4700::1]:80").Code);
        control.Ask(StunMethod.Refresh, (ref StunWriter writer) =>
        {
            writer.AddRequestedAddressFamily(IPFamily.IPv6);
            writer.AddLifetime(0);
        });
        Assert.Equal([new(four!.Value)], _stand.Connected);
    }
}
