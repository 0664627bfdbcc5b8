using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>ICMP errors of peers, told to the client (RFC 8656 §11.5).</summary>
public class IcmpTests
{
    const string Six = "[2606:4700::1]:7";

    readonly TurnStand _stand = new();
    readonly TurnClient _client;

    public IcmpTests()
    {
        _client = new(_stand);
        _client.Allocate((ref StunWriter w) => w.AddAdditionalAddressFamily(IPFamily.IPv6));
        _client.Permit("9.9.9.9:0", Six);
    }

    [Fact]
    public void An_error_is_a_Data_indication_with_the_peer_and_ICMP_and_no_data()
    {
        var reply = Hear("9.9.9.9:7", new(3, 3, 0));
        Assert.Equal((ForwardKind.ToClient, _client.Path), (reply.Forward.Kind, reply.Forward.Path));
        Assert.Equal((StunClass.Indication, TurnStand.IP("9.9.9.9:7")), (reply.Class, reply.Peer));
        Assert.Equal(new IcmpError(3, 3, 0), reply.Icmp);
        Assert.False(reply.Has(AttributeType.Data));
        Assert.Equal(1, _stand.Server.Counters.IcmpErrors);
    }

    [Fact]
    public void It_is_an_indication_even_where_a_channel_is_bound()
    {
        _client.Bind(0x4000, "9.9.9.9:7");
        Assert.Equal(new IcmpError(3, 1, 0), Hear("9.9.9.9:7", new(3, 1, 0)).Icmp);
    }

    [Fact]
    public void Ports_are_not_compared_and_one_that_is_not_known_is_zero()
    {
        Assert.Equal(9, Hear("9.9.9.9:9", new(3, 3, 0)).Peer.Port);
        Assert.Equal(0, Hear("9.9.9.9:0", new(3, 3, 0)).Peer.Port);
    }

    [Theory]
    [InlineData("9.9.9.9:7", 0, 5)]
    [InlineData("9.9.9.9:7", 4, 5, 8, 12)]
    [InlineData(Six, 0, 4, 128)]
    [InlineData(Six, 11)]
    public void Types_that_the_RFC_does_not_name_are_dropped(string peer, params int[] types)
    {
        foreach (var type in types) Assert.Equal(DropReason.Unexpected, Hear(peer, new((byte)type, 0, 0)).Forward.Reason);
    }

    [Theory]
    [InlineData("9.9.9.9:7", 3, 4, true)]
    [InlineData("9.9.9.9:7", 3, 3, false)]
    [InlineData("9.9.9.9:7", 11, 0, false)]
    [InlineData(Six, 2, 0, true)]
    [InlineData(Six, 1, 4, false)]
    [InlineData(Six, 3, 0, false)]
    public void The_MTU_of_the_next_hop_is_told_where_the_type_speaks_of_one_and_else_zero(
        string peer, byte type, ushort code, bool tells) =>
        Assert.Equal(new IcmpError(type, code, tells ? 1280u : 0), Hear(peer, new(type, code, 1280)).Icmp);

    [Fact]
    public void Without_a_live_permission_for_the_destination_it_is_dropped()
    {
        Assert.Equal(DropReason.NoPermission, Hear("9.9.9.10:7", new(3, 3, 0)).Forward.Reason);
        _stand.Pass(300);
        Assert.Equal(DropReason.NoPermission, Hear("9.9.9.9:7", new(3, 3, 0)).Forward.Reason);
    }

    [Fact]
    public void A_relay_that_is_closed_or_of_another_family_has_no_errors()
    {
        var four = _stand.Asked.First().Relay;
        var six = _stand.Asked.Last().Relay;
        Assert.Equal(DropReason.NoRelay, _stand.FromIcmp(six, TurnStand.IP("9.9.9.9:7"), new(3, 3, 0)).Forward.Reason);
        _client.Refresh(0);
        Assert.Equal(DropReason.NoRelay, _stand.FromIcmp(four, TurnStand.IP("9.9.9.9:7"), new(3, 3, 0)).Forward.Reason);
    }

    [Fact]
    public void Another_relay_behind_the_NAT_is_named_as_the_client_knows_it()
    {
        var stand = new TurnStand(TurnStand.Ordinary with
        {
            Relays = [new(TurnStand.IP("10.0.0.9:0"), TurnStand.IP("198.41.0.9:0"))],
        });
        var client = new TurnClient(stand);
        client.Allocate();
        client.Permit("198.41.0.9:0");
        var reply = stand.FromIcmp(stand.Asked.Single().Relay, TurnStand.IP("10.0.0.9:50000"), new(3, 3, 0));
        Assert.Equal(TurnStand.IP("198.41.0.9:50000"), reply.Peer);
    }

    [Fact]
    public void It_costs_no_byte_of_memory()
    {
        var (relay, head) = (_stand.Asked.First().Relay, new byte[TurnServer.HeadSize]);
        var peer = TurnStand.IP("9.9.9.9:7");
        Assert.Equal(0, Heap.TakenBy(() => _stand.Server.OnIcmp(_stand.Now, relay, peer, new(3, 3, 0), head)));
    }

    TurnReply Hear(string peer, IcmpError error)
    {
        var address = TurnStand.IP(peer);
        var relay = address.Family == IPFamily.IPv4 ? _stand.Asked.First().Relay : _stand.Asked.Last().Relay;
        return _stand.FromIcmp(relay, address, error);
    }
}
