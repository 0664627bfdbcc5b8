using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class ClientTransactionTests
{
    static readonly SipMessage Invite = Transactions.Request(SipMethod.Invite);
    static readonly SipMessage Options = Transactions.Request(SipMethod.Options);
    static readonly SipMessage InviteWs = Transactions.Request(SipMethod.Invite, "WSS");
    static readonly SipMessage OptionsWs = Transactions.Request(SipMethod.Options, "WSS");

    [Fact]
    public void An_unanswered_INVITE_is_sent_at_doubling_intervals_until_Timer_B() =>
        new Transactions().Send(Invite)
            .At(40_000)
            .Tells(
                "0: send INVITE", "500: send INVITE", "1500: send INVITE", "3500: send INVITE", "7500: send INVITE",
                "15500: send INVITE", "31500: send INVITE", "32000: failed Timeout", "32000: ended")
            .HoldsNothing();

    [Fact]
    public void Over_a_reliable_transport_an_INVITE_is_sent_once() =>
        new Transactions().Send(InviteWs)
            .At(40_000)
            .Tells("0: send INVITE", "32000: failed Timeout", "32000: ended").HoldsNothing();

    [Fact]
    public void A_provisional_response_ends_the_retransmissions() =>
        new Transactions().Send(Invite)
            .At(600).Answer(Invite, 100)
            .At(700).Answer(Invite, 180)
            .At(200_000)
            .Tells("0: send INVITE", "500: send INVITE", "600: response 100", "700: response 180");

    [Fact]
    public void A_2xx_leads_to_Accepted_where_each_2xx_goes_up_for_Timer_M() =>
        new Transactions().Send(Invite)
            .At(100).Answer(Invite, 200)
            .At(600).Answer(Invite, 200).Answer(Invite, 180).Answer(Invite, 486)
            .At(32_099).Answer(Invite, 200)
            .At(32_100).Answer(Invite, 200)
            .Tells("0: send INVITE", "100: response 200", "600: response 200", "32099: response 200", "32100: ended")
            .HoldsNothing();

    [Fact]
    public void A_response_above_299_is_acknowledged_for_Timer_D()
    {
        var t = new Transactions().Send(Invite).Answer(Invite, 180)
            .At(100).Answer(Invite, 486)
            .At(1000).Answer(Invite, 486).Answer(Invite, 200)
            .At(32_099).Answer(Invite, 486)
            .At(32_200).Answer(Invite, 486)
            .Tells(
                "0: send INVITE", "0: response 180", "100: response 486", "100: send ACK", "1000: send ACK",
                "32099: send ACK", "32100: ended");
        t.HoldsNothing();
        Assert.Equal("""
            ACK sip:bob@biloxi.example SIP/2.0
            Via: SIP/2.0/UDP pc33.atlanta.example;branch=z9hG4bK1
            Max-Forwards: 70
            From: <sip:alice@atlanta.example>;tag=1928301774
            To: <sip:bob@biloxi.example>;tag=far
            Call-ID: a84b4c76e66710
            CSeq: 314159 ACK
            Route: <sip:proxy.example;lr>
            Content-Length: 0


            """, Wire.Text(t.Sent!));
    }

    [Fact]
    public void Over_a_reliable_transport_Timers_D_and_K_are_zero()
    {
        new Transactions().Send(InviteWs).Answer(InviteWs, 486)
            .Tells("0: send INVITE", "0: response 486", "0: send ACK", "0: ended").HoldsNothing();
        new Transactions().Send(OptionsWs).Answer(OptionsWs, 200)
            .Tells("0: send OPTIONS", "0: response 200", "0: ended").HoldsNothing();
    }

    [Fact]
    public void A_non_INVITE_is_sent_at_intervals_up_to_T2_until_Timer_F() =>
        new Transactions().Send(Options)
            .At(40_000)
            .Tells(
                "0: send OPTIONS", "500: send OPTIONS", "1500: send OPTIONS", "3500: send OPTIONS", "7500: send OPTIONS",
                "11500: send OPTIONS", "15500: send OPTIONS", "19500: send OPTIONS", "23500: send OPTIONS",
                "27500: send OPTIONS", "31500: send OPTIONS", "32000: failed Timeout", "32000: ended")
            .HoldsNothing();

    [Fact]
    public void After_a_provisional_response_Timer_E_is_T2() =>
        new Transactions().Send(Options)
            .At(100).Answer(Options, 100)
            .At(9_000)
            .Tells(
                "0: send OPTIONS", "100: response 100", "500: send OPTIONS", "4500: send OPTIONS", "8500: send OPTIONS")
            .Answer(Options, 200)
            .At(13_999).Answer(Options, 200)
            .At(14_000)
            .Tells("9000: response 200", "14000: ended").HoldsNothing();

    [Fact]
    public void A_response_must_match_by_branch_method_sent_by_and_path()
    {
        var t = new Transactions().Send(Invite);
        t.Answer(Transactions.Request(SipMethod.Invite, branch: "z9hG4bK2"), 200);
        t.Answer(Transactions.Request(SipMethod.Cancel), 200);
        t.Receive(SipMessage.Response(Invite, 200), "another");
        var elsewhere = SipMessage.Response(Invite, 200);
        elsewhere.Set(HeaderName.Via, new Via("UDP", "evil.example", "z9hG4bK1"));
        t.Receive(elsewhere);
        t.Tells("0: send INVITE");
    }

    [Fact]
    public void A_CANCEL_waits_for_a_provisional_response()
    {
        var t = new Transactions().Send(InviteWs).Cancel("SIP;cause=200").Tells("0: send INVITE");
        t.At(300).Answer(InviteWs, 180).Tells("300: response 180", "300: send CANCEL");
        Assert.Equal("""
            CANCEL sip:bob@biloxi.example SIP/2.0
            Via: SIP/2.0/WSS pc33.atlanta.example;branch=z9hG4bK1
            Max-Forwards: 70
            From: <sip:alice@atlanta.example>;tag=1928301774
            To: <sip:bob@biloxi.example>
            Call-ID: a84b4c76e66710
            CSeq: 314159 CANCEL
            Route: <sip:proxy.example;lr>
            Reason: SIP;cause=200
            Content-Length: 0


            """, Wire.Text(t.Sent!));
        t.Cancel().Tells();
        t.Answer(t.Sent!, 200).Answer(InviteWs, 487).Tells("300: response 487", "300: send ACK", "300: ended").HoldsNothing();
    }

    [Fact]
    public void A_CANCEL_after_the_final_response_is_not_sent() =>
        new Transactions().Send(InviteWs).Cancel().Answer(InviteWs, 200).Cancel()
            .Tells("0: send INVITE", "0: response 200");

    [Fact]
    public void A_cancelled_INVITE_that_stays_silent_ends_64_T1_after_its_CANCEL() =>
        new Transactions().Send(InviteWs).Answer(InviteWs, 180)
            .At(60_000).Cancel()
            .At(100_000)
            .Tells("0: send INVITE", "0: response 180", "60000: send CANCEL", "92000: failed Timeout", "92000: ended")
            .HoldsNothing();

    [Fact]
    public void Timer_C_of_a_proxy_starts_anew_with_each_response_from_101_to_199() =>
        new Transactions(new() { TimerC = TimeSpan.FromSeconds(181) }).Send(InviteWs).Answer(InviteWs, 100)
            .At(100_000).Answer(InviteWs, 180)
            .At(150_000).Answer(InviteWs, 100)
            .At(281_001)
            .Tells("0: send INVITE", "0: response 100", "100000: response 180", "150000: response 100", "281000: overdue")
            .Cancel()
            .At(400_000)
            .Tells("281001: send CANCEL", "313001: failed Timeout", "313001: ended").HoldsNothing();

    [Fact]
    public void When_its_connection_goes_a_client_transaction_fails()
    {
        new Transactions().Send(InviteWs).Close("another").Close()
            .Tells("0: send INVITE", "0: failed TransportError", "0: ended").HoldsNothing();
        new Transactions().Send(OptionsWs).Close()
            .Tells("0: send OPTIONS", "0: failed TransportError", "0: ended").HoldsNothing();
    }

    [Fact]
    public void Who_has_the_final_response_is_not_told_that_the_connection_went() =>
        new Transactions().Send(InviteWs).Answer(InviteWs, 200).Close()
            .Tells("0: send INVITE", "0: response 200", "0: ended").HoldsNothing();

    [Fact]
    public void What_cannot_have_a_transaction_is_the_callers_fault()
    {
        var t = new Transactions().Send(Invite);
        Assert.Throws<ArgumentException>(() => t.Send(Invite));
        Assert.Throws<ArgumentException>(() => t.Send(Transactions.Request(SipMethod.Ack)));
        Assert.Throws<ArgumentException>(() => t.Send(Transactions.Request(SipMethod.Bye, branch: "1")));
    }
}
