using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>RFC 8656 §9 to §11: permissions, Send and Data.</summary>
public class PermissionTests
{
    readonly TurnStand _stand = new(TurnStand.Ordinary with { CanForbidFragments = true });
    readonly TurnClient _client;

    public PermissionTests()
    {
        _client = new(_stand);
        _client.Allocate();
    }

    RelayId Relay => _stand.Asked.First().Relay;

    [Fact]
    public void A_permitted_peer_is_reached_by_Send_and_heard_by_Data_at_any_port()
    {
        Assert.Equal(0, _client.Permit("9.9.9.9:0").Code);
        var sent = _client.SendTo("9.9.9.9:7000", "hello");
        Assert.Equal((ForwardKind.ToPeer, Relay, TurnStand.IP("9.9.9.9:7000"), false),
            (sent.Forward.Kind, sent.Forward.Relay, sent.Forward.Peer, sent.Forward.DontFragment));
        Assert.Equal("hello"u8, sent.Bytes);

        var heard = _stand.FromPeer(Relay, TurnStand.IP("9.9.9.9:7001"), "hi"u8);
        Assert.Equal((ForwardKind.ToClient, _client.Path), (heard.Forward.Kind, heard.Forward.Path));
        Assert.Equal(StunClass.Indication, heard.Class);
        Assert.Equal(TurnStand.IP("9.9.9.9:7001"), heard.Peer);
        Assert.True(StunMessage.TryParse(heard.Bytes, out var message, out _));
        Assert.Equal(Reading.Present, message.ReadData(out var data));
        Assert.Equal("hi"u8, message.Bytes[data]);
    }

    [Fact]
    public void Without_a_permission_nothing_passes_in_either_direction()
    {
        _client.Permit("9.9.9.9:0");
        Assert.Equal(DropReason.NoPermission, _client.SendTo("9.9.9.8:1", "x").Forward.Reason);
        Assert.Equal(DropReason.NoPermission, _stand.FromPeer(Relay, TurnStand.IP("9.9.9.8:1"), "x"u8).Forward.Reason);
    }

    [Fact]
    public void A_permission_lasts_300_seconds_and_Send_does_not_refresh_it()
    {
        _client.Permit("9.9.9.9:0");
        _stand.Pass(299);
        Assert.Equal(ForwardKind.ToPeer, _client.SendTo("9.9.9.9:1", "x").Forward.Kind);
        _stand.Pass(1);
        Assert.Equal(DropReason.NoPermission, _client.SendTo("9.9.9.9:1", "x").Forward.Reason);
        Assert.Equal(DropReason.NoPermission, _stand.FromPeer(Relay, TurnStand.IP("9.9.9.9:1"), "x"u8).Forward.Reason);
        _client.Permit("9.9.9.9:0");
        Assert.Equal(ForwardKind.ToPeer, _client.SendTo("9.9.9.9:1", "x").Forward.Kind);
    }

    [Fact]
    public void A_request_for_several_peers_permits_all_of_them_or_none()
    {
        Assert.Equal(403, _client.Permit("9.9.9.9:0", "127.0.0.1:0").Code);
        Assert.Equal(DropReason.NoPermission, _client.SendTo("9.9.9.9:1", "x").Forward.Reason);
        Assert.Equal(0, _client.Permit("9.9.9.9:0", "9.9.9.10:0").Code);
        Assert.Equal(ForwardKind.ToPeer, _client.SendTo("9.9.9.10:1", "x").Forward.Kind);
    }

    [Fact]
    public void No_peer_or_a_malformed_one_is_answered_400()
    {
        Assert.Equal(400, _client.Permit().Code);
        TurnClient.Fill tooShort = (ref StunWriter w) => w.Add(AttributeType.XorPeerAddress, 1u);
        Assert.Equal(400, _client.Ask(StunMethod.CreatePermission, tooShort).Code);
        Assert.Equal(400, _client.Ask(StunMethod.CreatePermission, (ref StunWriter w) =>
        {
            w.AddXorAddress(AttributeType.XorPeerAddress, TurnStand.IP("9.9.9.9:1"));
            w.Add(AttributeType.XorPeerAddress, [0, 3, 0, 0, 0, 0, 0, 0]);
        }).Code);
    }

    [Fact]
    public void A_peer_of_another_family_is_answered_443()
    {
        Assert.Equal(443, _client.Permit("[2606:4700::1]:1").Code);
        Assert.Equal(443, _client.Permit("[::1]:1").Code);
        Assert.Equal(443, _client.Bind(0x4000, "[2606:4700::1]:1").Code);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("10.0.0.1")]
    [InlineData("172.31.255.254")]
    [InlineData("192.168.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("100.64.0.0")]
    [InlineData("198.19.255.254")]
    [InlineData("203.0.113.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:0:127.0.0.1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[2002:7f00:1::]")]
    public void A_forbidden_peer_is_answered_403_to_permission_and_channel(string peer)
    {
        Assert.Equal(403, _client.Permit($"{peer}:9").Code);
        Assert.Equal(403, _client.Bind(0x4000, $"{peer}:9").Code);
        Assert.Equal(ForwardKind.Drop, _client.SendTo($"{peer}:9", "x").Forward.Kind);
    }

    [Fact]
    public void A_request_with_more_peers_than_the_limit_is_508_also_where_they_are_the_same()
    {
        Assert.Equal(0, _client.Permit([.. Enumerable.Repeat("9.9.9.9:9", 128)]).Code);
        Assert.Equal(508, _client.Permit([.. Enumerable.Repeat("9.9.9.9:9", 129)]).Code);
    }

    [Fact]
    public void More_permissions_than_the_limit_are_answered_508_until_some_are_over()
    {
        var peers = Enumerable.Range(0, 128).Select(i => $"9.9.9.{i}:1").ToArray();
        Assert.Equal(0, _client.Permit(peers[..100]).Code);
        _stand.Pass(100);
        Assert.Equal(0, _client.Permit(peers[100..]).Code);
        Assert.Equal(508, _client.Permit("9.9.8.1:1").Code);
        Assert.Equal(508, _client.Bind(0x4000, "9.9.8.1:1").Code);
        // Old ones can be refreshed at the limit, and named twice.
        Assert.Equal(0, _client.Permit(peers[127], peers[127], peers[120]).Code);
        _stand.Pass(200);
        Assert.Equal(0, _client.Permit("9.9.8.1:1", "9.9.8.1:2").Code);
    }

    [Fact]
    public void DONT_FRAGMENT_in_a_Send_is_passed_on_where_the_path_can_and_dropped_where_not()
    {
        _client.Permit("9.9.9.9:0");
        Assert.True(_client.SendTo("9.9.9.9:1", "x", (ref StunWriter w) => w.AddDontFragment()).Forward.DontFragment);

        var stand = new TurnStand();
        var client = new TurnClient(stand);
        client.Allocate();
        client.Permit("9.9.9.9:0");
        Assert.Equal(DropReason.UnknownAttribute,
            client.SendTo("9.9.9.9:1", "x", (ref StunWriter w) => w.AddDontFragment()).Forward.Reason);
    }

    [Theory]
    [InlineData("203.0.113.77:1", ClientTransport.Udp, "9.9.9.9:1", true)]
    [InlineData("[2001:4860::1]:1", ClientTransport.Udp, "9.9.9.9:1", false)]
    [InlineData("[2001:4860::1]:1", ClientTransport.Dtls, "9.9.9.9:1", false)]
    [InlineData("203.0.113.77:1", ClientTransport.Udp, "[2606:4700::1]:1", false)]
    [InlineData("[2001:4860::1]:1", ClientTransport.Udp, "[2606:4700::1]:1", false)]
    [InlineData("[2001:4860::1]:1", ClientTransport.Tcp, "9.9.9.9:1", true)]
    [InlineData("203.0.113.77:1", ClientTransport.Tls, "[2606:4700::1]:1", false)]
    public void DONT_FRAGMENT_counts_from_IPv4_to_IPv4_and_from_a_stream_to_IPv4(
        string address, ClientTransport transport, string peer, bool counts)
    {
        var stand = new TurnStand(TurnStand.Ordinary with { CanForbidFragments = true });
        var path = new ClientPath(new(TurnStand.IP(address), TurnStand.IP("198.41.0.4:3478"), transport), 0);
        var client = new TurnClient(stand) { Path = path };
        client.Allocate((ref StunWriter w) => w.AddAdditionalAddressFamily(IPFamily.IPv6));
        client.Permit(peer);
        var forward = client.SendTo(peer, "x", (ref StunWriter w) => w.AddDontFragment()).Forward;
        Assert.Equal((ForwardKind.ToPeer, counts), (forward.Kind, forward.DontFragment));
    }

    [Fact]
    public void A_Send_without_data_or_peer_is_dropped_and_one_with_empty_data_sent()
    {
        _client.Permit("9.9.9.9:0");
        Assert.Equal(0, _client.SendTo("9.9.9.9:1", "").Forward.Payload.Length);
        Assert.Equal(ForwardKind.ToPeer, _client.SendTo("9.9.9.9:1", "").Forward.Kind);
        foreach (var type in new[] { AttributeType.Data, AttributeType.XorPeerAddress })
        {
            var message = _client.Write(StunClass.Indication, StunMethod.Send, (ref StunWriter w) =>
            {
                if (type == AttributeType.Data) w.Add(AttributeType.Data, "x"u8);
                else w.AddXorAddress(AttributeType.XorPeerAddress, TurnStand.IP("9.9.9.9:1"));
            });
            Assert.Equal(DropReason.Malformed, _stand.Send(_client.Path, message).Forward.Reason);
        }
    }

    [Fact]
    public void Send_on_a_five_tuple_without_allocation_is_dropped_unanswered() =>
        Assert.Equal(DropReason.NoAllocation, new TurnClient(_stand, "203.0.113.9:9").SendTo("9.9.9.9:1", "x").Forward.Reason);

    [Fact]
    public void A_datagram_too_long_for_a_Data_indication_is_dropped()
    {
        _client.Permit("9.9.9.9:0");
        Assert.Equal(ForwardKind.ToClient, _stand.FromPeer(Relay, TurnStand.IP("9.9.9.9:1"), new byte[65000]).Forward.Kind);
        Assert.Equal(DropReason.TooLong, _stand.FromPeer(Relay, TurnStand.IP("9.9.9.9:1"), new byte[65507]).Forward.Reason);
    }

    [Fact]
    public void A_relay_that_was_closed_hears_nothing_even_when_its_slot_is_in_use_again()
    {
        var first = Relay;
        _client.Permit("9.9.9.9:0");
        _client.Refresh(0);
        _client.Allocate();
        _client.Permit("9.9.9.9:0");
        var second = _stand.Asked.Last().Relay;
        Assert.Equal((first.Slot, first.Generation + 1), (second.Slot, second.Generation));
        Assert.Equal(DropReason.NoRelay, _stand.FromPeer(first, TurnStand.IP("9.9.9.9:1"), "x"u8).Forward.Reason);
        Assert.Equal(ForwardKind.ToClient, _stand.FromPeer(second, TurnStand.IP("9.9.9.9:1"), "x"u8).Forward.Kind);
        Assert.Equal(DropReason.NoRelay, _stand.FromPeer(new(new(7), 0, 1), TurnStand.IP("9.9.9.9:1"), "x"u8).Forward.Reason);
    }
}
