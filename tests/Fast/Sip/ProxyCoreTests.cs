using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class ProxyCoreTests
{
    static SipMessage Invite => Proxy.Request(SipMethod.Invite);

    static SipMessage Options => Proxy.Request(SipMethod.Options);

    static SipMessage Ack(string tag) => Transactions.Request(SipMethod.Ack, "WSS", tag: $";tag={tag}");

    [Fact]
    public void A_request_goes_on_and_its_response_comes_back_with_the_callers_Via_alone()
    {
        var proxy = new Proxy("b").FromCaller(Options).From("b", 200, SipMethod.Options).Tells("b OPTIONS", "caller 200");
        Assert.Equal(Options.TopVia!.Branch, Assert.Single(proxy.Back!.Vias).Branch);
        proxy.HoldsNothing();
    }

    [Fact]
    public void A_100_stays_on_its_hop_and_other_provisional_responses_go_back() =>
        new Proxy("b").FromCaller(Invite).From("b", 100).From("b", 180).At(1).Tells("b INVITE", "caller 180");

    [Fact]
    public void A_caller_whose_INVITE_rings_nowhere_yet_gets_a_100() =>
        new Proxy("b").FromCaller(Invite).At(1).Tells("b INVITE", "caller 100");

    [Fact]
    public void The_first_2xx_goes_back_at_once_and_stops_the_others() => new Proxy("b", "c").FromCaller(Invite)
        .From("b", 180).From("c", 180).From("c", 200)
        .Tells("b INVITE", "c INVITE", "caller 180", "caller 180", "caller 200", "b CANCEL")
        .From("b", 200, SipMethod.Cancel).From("b", 487).Tells("b ACK");

    [Fact]
    public void Every_2xx_goes_back() => new Proxy("b", "c").FromCaller(Invite)
        .From("b", 200).From("c", 200).From("c", 200)
        .Tells("b INVITE", "c INVITE", "caller 200", "caller 200", "caller 200")
        .At(33).HoldsNothing();

    [Theory]
    [InlineData(486, 404, 486)]
    [InlineData(404, 401, 401)]
    [InlineData(503, 486, 486)]
    [InlineData(302, 404, 302)]
    [InlineData(404, 603, 603)]
    [InlineData(480, 404, 404)]
    [InlineData(408, 486, 486)]
    public void The_best_response_goes_back_when_all_have_theirs(int b, int c, int best) => new Proxy("b", "c").FromCaller(Invite)
        .From("b", b).Tells("b INVITE", "c INVITE", "b ACK")
        .From("c", c).Tells("c ACK", $"caller {best}")
        .FromCaller(Ack("x")).HoldsNothing();

    [Fact]
    public void A_6xx_stops_the_others_and_goes_back_when_they_have_ended() => new Proxy("b", "c").FromCaller(Invite)
        .From("c", 180).From("b", 603)
        .Tells("b INVITE", "c INVITE", "caller 180", "b ACK", "c CANCEL")
        .From("c", 200, SipMethod.Cancel).From("c", 487).Tells("c ACK", "caller 603");

    [Fact]
    public void A_CANCEL_is_answered_here_and_goes_to_every_branch_that_rings() => new Proxy("b", "c").FromCaller(Invite)
        .From("b", 180).FromCaller(Proxy.Request(SipMethod.Cancel))
        .Tells("b INVITE", "c INVITE", "caller 180", "caller 200", "b CANCEL")
        .From("c", 100).Tells("c CANCEL")
        .From("b", 487).From("c", 487).Tells("b ACK", "c ACK", "caller 487");

    [Fact]
    public void A_CANCEL_that_means_nothing_is_answered_481() =>
        new Proxy("b").FromCaller(Proxy.Request(SipMethod.Cancel)).Tells("caller 481").HoldsNothing();

    [Fact]
    public void Silence_is_a_408_to_an_INVITE_and_silence_to_any_other()
    {
        var proxy = new Proxy("b").FromCaller(Invite).At(33).Tells("b INVITE", "caller 100", "caller 408");
        Assert.NotNull(proxy.Back!.To!.Tag);
        new Proxy("b").FromCaller(Options).At(33).Tells("b OPTIONS", "caller 100").HoldsNothing();
    }

    [Fact]
    public void Timer_C_cancels_what_rings_too_long() => new Proxy("b").FromCaller(Invite).From("b", 180)
        .At(182).Tells("b INVITE", "caller 180", "b CANCEL")
        .From("b", 200, SipMethod.Cancel).From("b", 487).Tells("b ACK", "caller 487");

    [Fact]
    public void A_connection_that_breaks_is_a_503() =>
        new Proxy("b").FromCaller(Invite).Close("b").Tells("b INVITE", "caller 503");

    [Fact]
    public void A_caller_who_is_gone_has_his_calls_cancelled() => new Proxy("b").FromCaller(Invite).From("b", 180)
        .Close("caller").Tells("b INVITE", "caller 180", "b CANCEL")
        .From("b", 200, SipMethod.Cancel).From("b", 487).Tells("b ACK").HoldsNothing();

    [Fact]
    public void The_ACK_of_a_2xx_is_the_users_to_route() =>
        new Proxy("b").FromCaller(Invite).From("b", 200).FromCaller(Ack("b")).Tells("b INVITE", "caller 200", "ack");
}
