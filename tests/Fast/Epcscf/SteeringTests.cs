using Portunus.Epcscf;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

public class SteeringTests
{
    readonly Home _home = new();

    [Fact]
    public void A_flow_belongs_to_the_shard_of_its_identity_whatever_the_spelling()
    {
        var register = new Browser(_home, 1, "alice").Registering();
        var shard = Steering.OfFlow(register, 16);
        register.Set(HeaderName.To, "\"Alice\" <sip:%61lice@IMS.example.net;transport=ws>;x=y");
        Assert.NotNull(shard);
        Assert.Equal(shard, Steering.OfFlow(register, 16));
    }

    [Fact]
    public void The_shard_of_an_identity_never_changes() => Assert.Equal(
        [14, 15, 15, 14],
        ((string[])["alice", "bob", "carol", "dave"]).Select(name => (int)ShardId.For($"sip:{name}@ims.example.net", 16).Value));

    [Fact]
    public void Identities_spread_over_the_shards()
    {
        var counts = new int[8];
        for (var i = 0; i < 8000; i++) counts[ShardId.For($"sip:user{i}@ims.example.net", 8).Value]++;
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void A_message_from_the_core_names_its_shard()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Register();
        var toCore = _home.Mw.Last(one => one.ToCore).Message;
        Assert.Equal(new ShardId(3), Steering.OfCore(SipMessage.Response(toCore, 200), 4));
        var request = SipMessage.Request(SipMethod.Message, SipUri.Parse("sip:alice@x.invalid"));
        request.Add(HeaderName.Route, toCore.Get(HeaderName.Path)!);
        Assert.Equal(new ShardId(3), Steering.OfCore(request, 4));
    }

    [Fact]
    public void A_shard_that_is_not_there_is_nobodys()
    {
        new Browser(_home, 1, "alice").Register();
        Assert.Null(Steering.OfCore(SipMessage.Response(_home.Mw.Last(one => one.ToCore).Message, 200), 3));
    }

    [Theory]
    [InlineData("SIP/2.0/TCP core;branch=z9hG4bKxy.abc")]
    [InlineData("SIP/2.0/TCP core;branch=z9hG4bK03")]
    [InlineData("SIP/2.0/TCP core;branch=1234567")]
    [InlineData("SIP/2.0/TCP core")]
    [InlineData("garbage")]
    public void A_branch_that_is_not_ours_names_no_shard(string via)
    {
        var response = SipMessage.Response(SipMessage.Request(SipMethod.Options, SipUri.Parse("sip:x")), 200);
        response.Add(HeaderName.Via, via);
        Assert.Null(Steering.OfCore(response, 16));
    }

    [Fact]
    public void What_is_no_register_has_not_joined_a_shard() =>
        Assert.Null(Steering.OfFlow(new Browser(_home, 1, "alice").Request(SipMethod.Options, "sip:x"), 4));
}
