using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class ServerTransactionTests
{
    static SipMessage Invite => Transactions.Request(SipMethod.Invite);

    static SipMessage InviteWs => Transactions.Request(SipMethod.Invite, "WSS");

    static SipMessage Ack => Transactions.Request(SipMethod.Ack, tag: ";tag=me");

    static SipMessage AckWs => Transactions.Request(SipMethod.Ack, "WSS", tag: ";tag=me");

    static SipMessage Options => Transactions.Request(SipMethod.Options);

    static SipMessage OptionsWs => Transactions.Request(SipMethod.Options, "WSS");

    [Fact]
    public void An_INVITE_that_its_user_leaves_alone_is_answered_100_after_200_ms() =>
        new Transactions().Receive(Invite)
            .At(100).Receive(Invite)
            .At(500).Receive(Invite)
            .Tells("0: request INVITE", "200: send 100", "500: send 100");

    [Fact]
    public void A_user_who_answers_in_time_needs_no_100() =>
        new Transactions().Receive(InviteWs)
            .At(100).Respond(InviteWs, 180)
            .At(500).Receive(InviteWs)
            .Tells("0: request INVITE", "100: send 180", "500: send 180");

    [Fact]
    public void A_2xx_leads_to_Accepted_where_the_INVITE_is_absorbed_and_the_ACK_goes_up() =>
        new Transactions().Receive(Invite).Respond(Invite, 200)
            .At(500).Receive(Invite).Respond(Invite, 200).Receive(Ack).Respond(Invite, 486, allowed: false)
            .At(40_000)
            .Tells("0: request INVITE", "0: send 200", "500: send 200", "500: ack", "32000: ended").HoldsNothing();

    [Fact]
    public void A_response_above_299_is_sent_again_until_the_ACK_which_goes_nowhere() =>
        new Transactions().Receive(Invite).Respond(Invite, 486)
            .At(1000).Receive(Invite)
            .At(8000)
            .Tells(
                "0: request INVITE", "0: send 486", "500: send 486", "1000: send 486", "1500: send 486", "3500: send 486",
                "7500: send 486")
            .Receive(Ack).Receive(Ack).Receive(Invite)
            .At(12_999).Receive(Ack)
            .At(13_000)
            .Tells("13000: ended").HoldsNothing();

    [Fact]
    public void Without_an_ACK_Timer_H_gives_up() =>
        new Transactions().Receive(InviteWs).Respond(InviteWs, 486)
            .At(40_000)
            .Tells("0: request INVITE", "0: send 486", "32000: failed Timeout", "32000: ended").HoldsNothing();

    [Fact]
    public void Over_a_reliable_transport_Timers_G_I_and_J_are_zero()
    {
        new Transactions().Receive(InviteWs).Respond(InviteWs, 486)
            .At(3000).Receive(AckWs)
            .Tells("0: request INVITE", "0: send 486", "3000: ended").HoldsNothing();
        new Transactions().Receive(OptionsWs).Respond(OptionsWs, 200)
            .Tells("0: request OPTIONS", "0: send 200", "0: ended").HoldsNothing();
    }

    [Fact]
    public void A_non_INVITE_that_comes_again_gets_its_answer_again_for_Timer_J() =>
        new Transactions().Receive(Options)
            .At(500).Receive(Options)
            .At(600).Respond(Options, 200)
            .At(1500).Receive(Options).Respond(Options, 500, allowed: false)
            .At(40_000)
            .Tells("0: request OPTIONS", "600: send 200", "1500: send 200", "32600: ended").HoldsNothing();

    [Fact]
    public void A_non_INVITE_gets_its_100_when_Timer_E_has_reached_T2_and_no_other_provisional_response() =>
        new Transactions().Receive(Options).Respond(Options, 100, allowed: false)
            .Respond(Options, 180, allowed: false)
            .At(7500).Receive(Options).Respond(Options, 200)
            .At(50_000)
            .Tells("0: request OPTIONS", "3500: send 100", "7500: send 100", "7500: send 200", "39500: ended")
            .HoldsNothing();

    [Fact]
    public void A_non_INVITE_never_gets_a_408()
    {
        new Transactions().Receive(OptionsWs).Respond(OptionsWs, 408, allowed: false)
            .Tells("0: request OPTIONS", "0: ended").HoldsNothing();
        new Transactions().Receive(OptionsWs)
            .At(40_000).Respond(OptionsWs, 200, allowed: false)
            .Tells("0: request OPTIONS", "3500: send 100", "32000: ended").HoldsNothing();
    }

    [Fact]
    public void A_CANCEL_names_the_INVITE_that_it_means()
    {
        var t = new Transactions().Receive(InviteWs);
        var invite = t.Id;
        t.Receive(Transactions.Request(SipMethod.Cancel, "WSS")).Tells("0: request INVITE", "0: request CANCEL");
        Assert.Equal(invite, t.Cancels);
        t.Respond(Transactions.Request(SipMethod.Cancel, "WSS"), 200).Tells("0: send 200", "0: ended");
    }

    [Fact]
    public void A_CANCEL_of_another_neighbour_or_after_the_final_response_means_nothing()
    {
        var cancel = Transactions.Request(SipMethod.Cancel, "WSS");
        var t = new Transactions().Receive(InviteWs).Receive(cancel, "another");
        Assert.Null(t.Cancels);
        t = new Transactions().Receive(InviteWs).Respond(InviteWs, 200).Receive(cancel);
        Assert.Null(t.Cancels);
    }

    [Fact]
    public void The_ACK_of_a_2xx_has_no_transaction() =>
        new Transactions().Receive(Transactions.Request(SipMethod.Ack, branch: "z9hG4bKother"))
            .Tells("0: ack").HoldsNothing();

    [Fact]
    public void A_full_table_answers_503_but_lets_a_CANCEL_in()
    {
        var t = new Transactions(new() { Capacity = 1 }).Receive(InviteWs)
            .Receive(Transactions.Request(SipMethod.Bye, "WSS", "z9hG4bK2"))
            .Tells("0: request INVITE", "0: send 503");
        Assert.Equal("16", t.Sent!.Get(HeaderName.RetryAfter));
        Assert.False(t.Layer.TrySend(default, "n", Transactions.Request(SipMethod.Bye, "WSS", "z9hG4bK3"), out _));
        t.Receive(Transactions.Request(SipMethod.Cancel, "WSS")).Tells("0: request CANCEL");
        Assert.NotNull(t.Cancels);
    }

    [Fact]
    public void When_its_connection_goes_a_server_transaction_ends()
    {
        var t = new Transactions().Receive(InviteWs).Receive(OptionsWs).Close();
        t.Tells(
            "0: request INVITE", "0: request OPTIONS",
            "0: failed TransportError", "0: ended", "0: failed TransportError", "0: ended");
        t.HoldsNothing();
    }

    [Fact]
    public void What_has_no_branch_of_RFC_3261_matches_nothing() =>
        new Transactions().Receive(Transactions.Request(SipMethod.Invite, branch: "1"))
            .Tells().HoldsNothing();
}
