using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>What strangers can have: Binding, and silence.</summary>
public class BindingTests
{
    [Theory]
    [InlineData("203.0.113.77:40000", 32)]
    [InlineData("[2606:4700::77]:40000", 44)]
    public void A_Binding_request_is_answered_with_its_source_and_not_a_byte_more(string address, int length)
    {
        var stand = new TurnStand();
        var reply = new TurnClient(stand, address).Bare(StunMethod.Binding);
        Assert.Equal((0, TurnStand.IP(address), length), (reply.Code, reply.Mapped, reply.Length));
        Assert.Empty(stand.Effects);
    }

    [Fact]
    public void A_Binding_request_with_an_unknown_attribute_is_answered_420()
    {
        var reply = new TurnClient(new()).Bare(StunMethod.Binding, (ref StunWriter w) => w.Add((AttributeType)0x0024, 1u));
        Assert.Equal((420, (AttributeType)0x0024), (reply.Code, reply.Unknown.Single()));
    }

    [Fact]
    public void A_420_is_never_longer_than_its_request_by_more_than_12_bytes_and_lists_at_most_32_types()
    {
        for (var count = 1; count < 200; count++)
        {
            var client = new TurnClient(new());
            var request = client.Write(StunClass.Request, StunMethod.Binding, (ref StunWriter w) =>
            {
                for (var i = 0; i < count; i++) w.Add((AttributeType)(0x100 + i), []);
            });
            var reply = new TurnStand().Send(client.Path, request);
            Assert.InRange(reply.Length - request.Length, -2000, 12);
            Assert.Equal(Math.Min(count, 32), reply.Unknown.Length);
        }
    }

    [Theory]
    [InlineData(StunClass.Indication, StunMethod.Binding)]
    [InlineData(StunClass.Indication, StunMethod.Data)]
    [InlineData(StunClass.Indication, StunMethod.Allocate)]
    [InlineData(StunClass.Success, StunMethod.Binding)]
    [InlineData(StunClass.Error, StunMethod.Allocate)]
    [InlineData(StunClass.Request, StunMethod.Send)]
    [InlineData(StunClass.Request, StunMethod.Connect)]
    [InlineData(StunClass.Request, (StunMethod)0x07F)]
    public void What_a_server_is_not_sent_is_dropped(StunClass stunClass, StunMethod method)
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        Assert.Equal(DropReason.Unexpected, stand.Send(client.Path, client.Write(stunClass, method, null)).Forward.Reason);
        Assert.Equal(1, stand.Server.Counters.Drops(DropReason.Unexpected));
    }

    [Theory]
    [InlineData(StunMethod.Binding)]
    [InlineData(StunMethod.Allocate)]
    public void A_request_from_port_0_is_dropped_since_nothing_can_be_sent_there(StunMethod method) =>
        Assert.Equal(DropReason.NoReturn, new TurnClient(new(), "203.0.113.77:0").Bare(method).Forward.Reason);

    [Fact]
    public void What_is_neither_STUN_nor_a_channel_is_dropped()
    {
        var stand = new TurnStand();
        var path = new TurnClient(stand).Path;
        Assert.Equal(DropReason.NotForUs, stand.Send(path, []).Forward.Reason);
        foreach (var first in new byte[] { 4, 16, 20, 63, 80, 128, 191, 192, 255 })
            Assert.Equal(DropReason.NotForUs, stand.Send(path, [first, 0, 0, 0]).Forward.Reason);
        Assert.Equal(DropReason.Malformed, stand.Send(path, [0, 1, 0, 0]).Forward.Reason);
    }
}
