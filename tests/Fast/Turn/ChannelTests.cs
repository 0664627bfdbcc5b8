using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>RFC 8656 §12.</summary>
public class ChannelTests
{
    readonly TurnStand _stand = new();
    readonly TurnClient _client;

    public ChannelTests()
    {
        _client = new(_stand);
        _client.Allocate();
    }

    RelayId Relay => _stand.Asked.First().Relay;

    TurnReply Heard(string peer, string text = "x") =>
        _stand.FromPeer(Relay, TurnStand.IP(peer), System.Text.Encoding.UTF8.GetBytes(text));

    [Fact]
    public void A_channel_carries_data_both_ways_and_permits_its_peer()
    {
        Assert.Equal(0, _client.Bind(0x4000, "9.9.9.9:9").Code);
        var sent = _client.Data(0x4000, "hello");
        Assert.Equal((ForwardKind.ToPeer, Relay, TurnStand.IP("9.9.9.9:9"), 0, new PayloadRange(4, 5)),
            (sent.Forward.Kind, sent.Forward.Relay, sent.Forward.Peer, sent.Forward.Head, sent.Forward.Payload));

        Assert.Equal([0x40, 0, 0, 2, (byte)'h', (byte)'i'], Heard("9.9.9.9:9", "hi").Bytes);
        // Another port of the peer is permitted, too, but has no channel.
        Assert.Equal(StunClass.Indication, Heard("9.9.9.9:10").Class);
    }

    [Fact]
    public void Empty_data_is_sent_and_surplus_behind_the_data_is_not()
    {
        _client.Bind(0x4000, "9.9.9.9:9");
        Assert.Equal((ForwardKind.ToPeer, 0), (_client.Data(0x4000, "").Forward.Kind, _client.Data(0x4000, "").Length));
        Assert.Equal(2, _client.Data(0x4000, "hi", surplus: 2).Length);
    }

    [Fact]
    public void On_a_stream_data_to_the_client_is_padded_to_four_bytes()
    {
        var client = new TurnClient(_stand)
        {
            Path = new(new(TurnStand.IP("203.0.113.9:9"), TurnStand.IP("198.41.0.4:3478"), ClientTransport.Tcp), 5),
        };
        client.Allocate();
        client.Bind(0x4001, "9.9.9.9:9");
        var heard = _stand.FromPeer(_stand.Asked.Last().Relay, TurnStand.IP("9.9.9.9:9"), "hello"u8);
        Assert.Equal([0x40, 1, 0, 5, .. "hello"u8, 0, 0, 0], heard.Bytes);
        Assert.Equal(5, heard.Forward.Path.Listener);
    }

    [Fact]
    public void A_channel_lasts_600_seconds_and_data_does_not_refresh_it()
    {
        _client.Refresh(3600);
        _client.Bind(0x4000, "9.9.9.9:9");
        _stand.Pass(599);
        Assert.Equal(ForwardKind.ToPeer, _client.Data(0x4000, "x").Forward.Kind);
        _stand.Pass(1);
        Assert.Equal(DropReason.NoChannel, _client.Data(0x4000, "x").Forward.Reason);
    }

    [Fact]
    public void Binding_again_refreshes_channel_and_permission()
    {
        _client.Refresh(3600);
        _client.Bind(0x4000, "9.9.9.9:9");
        _stand.Pass(250);
        Assert.Equal(0, _client.Bind(0x4000, "9.9.9.9:9").Code);
        _stand.Pass(299);
        Assert.Equal(ForwardKind.ToClient, Heard("9.9.9.9:9").Forward.Kind);
        _stand.Pass(300);
        Assert.Equal(ForwardKind.ToPeer, _client.Data(0x4000, "x").Forward.Kind);
    }

    [Fact]
    public void A_channel_whose_permission_is_over_hears_nothing_until_the_peer_is_permitted_again()
    {
        _client.Bind(0x4000, "9.9.9.9:9");
        _stand.Pass(300);
        Assert.Equal(DropReason.NoPermission, Heard("9.9.9.9:9").Forward.Reason);
        // RFC 8656 §12.6 asks for no permission on the way to the peer.
        Assert.Equal(ForwardKind.ToPeer, _client.Data(0x4000, "x").Forward.Kind);
        _client.Refresh();
        _client.Permit("9.9.9.9:0");
        Assert.Equal([0x40, 0, 0, 1, (byte)'x'], Heard("9.9.9.9:9").Bytes);
    }

    [Theory]
    [InlineData(0x0000)]
    [InlineData(0x3FFF)]
    [InlineData(0x5000)]
    [InlineData(0x7FFF)]
    [InlineData(0xFFFF)]
    public void A_number_outside_0x4000_to_0x4FFF_is_answered_400(int number) =>
        Assert.Equal(400, _client.Bind((ushort)number, "9.9.9.9:9").Code);

    [Fact]
    public void The_first_and_the_last_number_can_be_bound()
    {
        Assert.Equal(0, _client.Bind(0x4000, "9.9.9.9:9").Code);
        Assert.Equal(0, _client.Bind(0x4FFF, "9.9.9.9:10").Code);
        Assert.Equal(ForwardKind.ToPeer, _client.Data(0x4FFF, "x").Forward.Kind);
    }

    [Fact]
    public void A_number_bound_to_another_peer_and_a_peer_bound_to_another_number_are_answered_400()
    {
        _client.Bind(0x4000, "9.9.9.9:9");
        Assert.Equal(400, _client.Bind(0x4000, "9.9.9.9:10").Code);
        Assert.Equal(400, _client.Bind(0x4000, "9.9.9.8:9").Code);
        Assert.Equal(400, _client.Bind(0x4001, "9.9.9.9:9").Code);
        Assert.Equal(0, _client.Bind(0x4001, "9.9.9.9:10").Code);
    }

    [Fact]
    public void When_a_channel_is_over_its_number_and_its_peer_can_be_bound_otherwise()
    {
        _client.Refresh(3600);
        _client.Bind(0x4000, "9.9.9.9:9");
        _client.Bind(0x4001, "9.9.9.8:9");
        _stand.Pass(600);
        Assert.Equal(0, _client.Bind(0x4000, "9.9.9.8:9").Code);
        Assert.Equal(0, _client.Bind(0x4001, "9.9.9.9:9").Code);
        Assert.Equal(TurnStand.IP("9.9.9.8:9"), _client.Data(0x4000, "x").Forward.Peer);
        Assert.Equal([0x40, 1, 0, 1, (byte)'x'], Heard("9.9.9.9:9").Bytes);
    }

    [Fact]
    public void Channel_number_or_peer_missing_is_answered_400()
    {
        Assert.Equal(400, _client.Ask(StunMethod.ChannelBind, (ref StunWriter w) => w.AddChannelNumber(new(0x4000))).Code);
        Assert.Equal(400, _client.Ask(StunMethod.ChannelBind,
            (ref StunWriter w) => w.AddXorAddress(AttributeType.XorPeerAddress, TurnStand.IP("9.9.9.9:9"))).Code);
    }

    [Fact]
    public void More_channels_than_the_limit_are_answered_508_until_some_are_over()
    {
        _client.Refresh(3600);
        for (var i = 0; i < 128; i++) Assert.Equal(0, _client.Bind((ushort)(0x4000 + i), $"9.9.9.9:{i + 1}").Code);
        Assert.Equal(508, _client.Bind(0x4100, "9.9.9.9:999").Code);
        Assert.Equal(0, _client.Bind(0x4000, "9.9.9.9:1").Code);
        _stand.Pass(600);
        Assert.Equal(0, _client.Bind(0x4100, "9.9.9.9:999").Code);
    }

    [Fact]
    public void Channels_that_are_over_hold_no_place_among_the_permissions()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { MaxPermissions = 2, MaxChannels = 2 });
        var client = new TurnClient(stand);
        client.Allocate((ref StunWriter w) => w.AddLifetime(3600));
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(0, client.Bind(0x4000, $"9.9.{round}.1:9").Code);
            Assert.Equal(0, client.Bind(0x4001, $"9.9.{round}.2:9").Code);
            Assert.Equal(508, client.Permit($"9.9.{round}.3:9").Code);
            stand.Pass(600);
        }

        Assert.Equal(0, client.Permit("9.9.9.1:1", "9.9.9.2:1").Code);
    }

    [Fact]
    public void Data_on_a_channel_that_is_not_bound_or_cut_short_or_without_allocation_is_dropped()
    {
        _client.Bind(0x4000, "9.9.9.9:9");
        Assert.Equal(DropReason.NoChannel, _client.Data(0x4001, "x").Forward.Reason);
        Assert.Equal(DropReason.Malformed, _stand.Send(_client.Path, [0x40, 0, 0, 5, 1, 2, 3, 4]).Forward.Reason);
        Assert.Equal(DropReason.NotForUs, _stand.Send(_client.Path, [0x50, 0, 0, 0]).Forward.Reason);
        Assert.Equal(DropReason.NoAllocation, new TurnClient(_stand, "203.0.113.9:9").Data(0x4000, "x").Forward.Reason);
    }

    [Fact]
    public void Channels_of_one_allocation_mean_nothing_in_another()
    {
        var other = new TurnClient(_stand, "203.0.113.9:9", "bob", "builder");
        other.Allocate();
        _client.Bind(0x4000, "9.9.9.9:9");
        Assert.Equal(DropReason.NoChannel, other.Data(0x4000, "x").Forward.Reason);
        Assert.Equal(0, other.Bind(0x4000, "9.9.9.8:9").Code);
        Assert.Equal(TurnStand.IP("9.9.9.9:9"), _client.Data(0x4000, "x").Forward.Peer);
    }
}
