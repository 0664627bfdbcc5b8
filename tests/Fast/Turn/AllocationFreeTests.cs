using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>The relay decision makes no object: in either direction, with channels and without, accepted or dropped.</summary>
public class AllocationFreeTests
{
    const int Times = 10_000;

    readonly TurnStand _stand = new();
    readonly TurnClient _client;
    readonly RelayId _relay;
    readonly byte[] _head = new byte[TurnServer.HeadSize];

    public AllocationFreeTests()
    {
        _client = new(_stand);
        _client.Allocate();
        _client.Bind(0x4000, "9.9.9.9:9");
        _client.Permit("9.9.9.10:0");
        _relay = _stand.Asked.Single().Relay;
    }

    [Fact]
    public void ChannelData_of_a_client_costs_no_byte() => FromClient([0x40, 0, 0, 160, .. new byte[160]], ForwardKind.ToPeer);

    [Fact]
    public void ChannelData_on_a_channel_that_is_not_bound_costs_no_byte() =>
        FromClient([0x41, 0, 0, 4, 1, 2, 3, 4], ForwardKind.Drop);

    [Fact]
    public void What_is_carried_to_another_worker_costs_no_byte()
    {
        var path = new TurnClient(_stand, "198.51.100.9:5000").Path;
        _stand.Order(new TurnOrder.Lodge(path, new(1), _stand.Now + TimeSpan.FromMinutes(1)));
        byte[] message = [0x40, 0, 0, 160, .. new byte[160]];
        Assert.Equal(0, Allocated(() => _stand.Server.OnClient(_stand.Now, path, message, _head).Kind == ForwardKind.ToWorker));
    }

    [Fact]
    public void A_Send_indication_costs_no_byte() => FromClient(Send("9.9.9.10:7"), ForwardKind.ToPeer);

    [Fact]
    public void A_Send_to_a_stranger_costs_no_byte() => FromClient(Send("9.9.9.11:7"), ForwardKind.Drop);

    [Fact]
    public void A_Binding_request_costs_no_byte() =>
        FromClient(_client.Write(StunClass.Request, StunMethod.Binding, null), ForwardKind.ToClient);

    [Fact]
    public void A_401_and_a_438_to_a_stranger_cost_no_byte()
    {
        FromClient(_client.Write(StunClass.Request, StunMethod.Allocate, null), ForwardKind.ToClient);
        _client.Nonce = new byte[37];
        FromClient(_client.Proved(StunMethod.Refresh), ForwardKind.ToClient);
    }

    [Fact]
    public void A_datagram_of_a_peer_with_a_channel_costs_no_byte() => FromPeer("9.9.9.9:9", ForwardKind.ToClient);

    [Fact]
    public void A_datagram_of_a_peer_without_a_channel_costs_no_byte() => FromPeer("9.9.9.10:7", ForwardKind.ToClient);

    [Fact]
    public void A_datagram_of_a_stranger_costs_no_byte() => FromPeer("9.9.9.11:7", ForwardKind.Drop);

    byte[] Send(string peer) => _client.Write(StunClass.Indication, StunMethod.Send, (ref StunWriter writer) =>
    {
        writer.AddXorAddress(AttributeType.XorPeerAddress, TurnStand.IP(peer));
        writer.Add(AttributeType.Data, new byte[160]);
    });

    void FromClient(byte[] message, ForwardKind kind)
    {
        var path = _client.Path;
        Assert.Equal(0, Allocated(() => _stand.Server.OnClient(_stand.Now, path, message, _head).Kind == kind));
    }

    void FromPeer(string address, ForwardKind kind)
    {
        var peer = TurnStand.IP(address);
        var payload = new byte[160];
        Assert.Equal(0, Allocated(() => _stand.Server.OnPeer(_stand.Now, _relay, peer, payload, _head).Kind == kind));
    }

    static long Allocated(Func<bool> decision)
    {
        var right = true;
        var taken = Heap.TakenBy(() => right &= decision(), Times);
        Assert.True(right);
        return taken;
    }
}
