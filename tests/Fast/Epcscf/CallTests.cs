using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

public class CallTests
{
    static readonly string Bob = $"sip:bob@{Home.Domain}";

    readonly Home _home = new();
    readonly Browser _alice;
    readonly Browser _bob;

    public CallTests()
    {
        (_alice, _bob) = (new(_home, 1, "alice"), new(_home, 2, "bob"));
        _alice.Register();
        _bob.Register();
        _home.Mw.Clear();
    }

    [Fact]
    public void A_call_rings_is_answered_and_hung_up_by_the_caller()
    {
        var (confirmed, invite) = Call();
        _alice.Send(_alice.Within(SipMethod.Bye, confirmed));
        var bye = _bob.Called();
        Assert.Equal((SipMethod.Bye, 0), (bye.Method, bye.Routes.Count));
        _bob.Respond(bye, 200);
        Assert.Equal(200, _alice.Answered().Status);
        Assert.Equal(invite.CallId, bye.CallId);
    }

    [Fact]
    public void A_call_is_hung_up_by_the_called()
    {
        var (_, invite) = Call();
        _bob.Send(_bob.Within(SipMethod.Bye, invite));
        var bye = _alice.Called();
        _alice.Respond(bye, 200);
        Assert.Equal(200, _bob.Answered().Status);
    }

    [Fact]
    public void The_request_uri_is_the_contact_of_the_called()
    {
        _alice.Send(_alice.Request(SipMethod.Invite, Bob));
        var invite = _bob.Called();
        Assert.Equal(_bob.Contact, $"<{invite.RequestUri}>");
        Assert.Equal($"<{Bob}>", invite.Get(HeaderName.PCalledPartyId));
    }

    [Theory]
    [InlineData(SipMethod.Invite)]
    [InlineData(SipMethod.Update)]
    [InlineData(SipMethod.Info)]
    [InlineData(SipMethod.Options)]
    [InlineData(SipMethod.Message)]
    [InlineData(SipMethod.Refer)]
    [InlineData(SipMethod.Prack)]
    public void A_request_of_the_dialog_goes_both_ways(string method)
    {
        var (confirmed, invite) = Call();
        _alice.Send(_alice.Within(method, confirmed));
        _bob.Respond(_bob.Called(), 200);
        Assert.Equal(200, _alice.Answered().Status);
        _bob.Send(_bob.Within(method, invite));
        _alice.Respond(_alice.Called(), 200);
        Assert.Equal(200, _bob.Answered().Status);
    }

    [Fact]
    public void A_reliable_provisional_response_is_acknowledged_before_the_call_is_answered()
    {
        _alice.Send(_alice.Request(SipMethod.Invite, Bob));
        var invite = _bob.Called();
        _bob.Respond(invite, 183, ("Require", "100rel"), ("RSeq", "1"));
        var progress = Assert.Single(_alice.Take(), one => one.Status == 183);
        Assert.Equal("1", progress.Get(HeaderName.RSeq));
        _alice.Send(_alice.Within(SipMethod.Prack, progress));
        _bob.Respond(_bob.Called(), 200);
        Assert.Equal(200, _alice.Answered().Status);
        _bob.Respond(invite, 200);
        Assert.Equal(200, _alice.Answered().Status);
    }

    [Fact]
    public void A_cancelled_call_stops_ringing()
    {
        var invite = _alice.Request(SipMethod.Invite, Bob);
        _alice.Send(invite);
        var ringing = _bob.Called();
        _bob.Respond(ringing, 180);
        _alice.Take();
        var cancel = SipMessage.Cancel(invite);
        cancel.Add(HeaderName.Reason, "SIP;cause=200;text=\"Call completed elsewhere\"");
        _alice.Send(cancel);
        Assert.Equal(200, _alice.Answered().Status);
        var cancelled = _bob.Called();
        Assert.Equal((SipMethod.Cancel, cancel.Get(HeaderName.Reason)), (cancelled.Method, cancelled.Get(HeaderName.Reason)));
        _bob.Respond(cancelled, 200);
        _bob.Respond(ringing, 487);
        Assert.Equal(SipMethod.Ack, _bob.Called().Method);
        Assert.Equal(487, _alice.Answered().Status);
    }

    [Fact]
    public void A_cancel_of_nothing_is_481()
    {
        _alice.Send(SipMessage.Cancel(_alice.Request(SipMethod.Invite, Bob)));
        Assert.Equal(481, _alice.Answered().Status);
    }

    [Fact]
    public void A_busy_callee_is_heard()
    {
        _alice.Send(_alice.Request(SipMethod.Invite, Bob));
        _bob.Respond(_bob.Called(), 486);
        Assert.Equal(486, _alice.Answered().Status);
        Assert.Equal(SipMethod.Ack, _bob.Called().Method);
    }

    [Fact]
    public void Both_windows_of_a_callee_ring_and_the_first_to_answer_has_the_call()
    {
        var second = new Browser(_home, 3, "bob");
        second.Register();
        _alice.Send(_alice.Request(SipMethod.Invite, Bob));
        var (first, other) = (_bob.Called(), second.Called());
        _bob.Respond(first, 180);
        second.Respond(other, 180, ("X-Mark", "second"));
        Assert.Equal(2, _alice.Take().Count(one => one.Status == 180));
        second.Respond(other, 200);
        Assert.Equal(200, _alice.Answered().Status);
        var cancel = _bob.Called();
        Assert.Equal(SipMethod.Cancel, cancel.Method);
        _bob.Respond(cancel, 200);
        _bob.Respond(first, 487);
        Assert.DoesNotContain(_alice.Take(), one => one.Status >= 200);
    }

    [Fact]
    public void A_message_crosses_with_its_body_untouched()
    {
        var text = _alice.Request(SipMethod.Message, Bob);
        text.SetBody("text/plain", "Grüße"u8.ToArray());
        _alice.Send(text);
        var got = _bob.Called();
        Assert.Equal("Grüße"u8.ToArray(), got.Body.ToArray());
        Assert.False(got.Has(HeaderName.RecordRoute));
        _bob.Respond(got, 200);
        Assert.Equal(200, _alice.Answered().Status);
    }

    [Theory]
    [InlineData("sip:nobody@ims.example.net", 404)]
    [InlineData("sip:carol@ims.example.net", 480)]
    [InlineData("sip:someone@elsewhere.net", 404)]
    [InlineData("tel:+15550100", 404)]
    public void Who_is_not_there_is_told_from_who_does_not_exist(string uri, int status)
    {
        _home.Subscribe("carol", DigestAlgorithm.Md5);
        _alice.Send(_alice.Request(SipMethod.Invite, uri));
        Assert.Equal(status, _alice.Answered().Status);
    }

    [Fact]
    public void A_call_that_nobody_ends_is_cancelled_by_timer_c()
    {
        _alice.Send(_alice.Request(SipMethod.Invite, Bob));
        _bob.Respond(_bob.Called(), 180);
        _alice.Take();
        _home.Pass(TimeSpan.FromSeconds(184));
        Assert.Empty(_bob.Take());
        _home.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(SipMethod.Cancel, _bob.Called().Method);
    }

    [Fact]
    public void A_wic_that_does_not_answer_is_a_408()
    {
        _alice.Send(_alice.Request(SipMethod.Invite, Bob));
        _home.Pass(TimeSpan.FromSeconds(33));
        Assert.Equal(408, _alice.Answered().Status);
    }

    [Fact]
    public void Preloaded_routes_are_replaced_by_the_service_route()
    {
        _alice.Send(_alice.Request(SipMethod.Invite, Bob, ("Route", "<sip:evil.example.net;lr>, <sip:edge.example.net;lr>")));
        Assert.Equal(["<sip:orig@core.example.net;lr>"], _home.Mw[0].Message.GetAll(HeaderName.Route));
        _bob.Called();
    }

    [Theory]
    [InlineData(SipMethod.Bye)]
    [InlineData(SipMethod.Prack)]
    [InlineData(SipMethod.Update)]
    [InlineData(SipMethod.Info)]
    public void What_lives_in_a_dialog_is_refused_outside_of_one(string method)
    {
        _alice.Send(_alice.Request(method, Bob));
        Assert.Equal(403, _alice.Answered().Status);
        Assert.Empty(_home.Mw);
    }

    [Fact]
    public void A_stranger_cannot_end_a_call()
    {
        var (confirmed, _) = Call();
        var mallory = new Browser(_home, 9, "alice") { CallId = "other" };
        mallory.Register();
        _home.Mw.Clear();
        mallory.Send(mallory.Within(SipMethod.Bye, confirmed));
        Assert.Equal(403, mallory.Answered().Status);
        Assert.Empty(_home.Mw);
    }

    [Theory]
    [InlineData("Call-ID", "another@call")]
    [InlineData("From", "<sip:alice@ims.example.net>;tag=another")]
    [InlineData("From", "\"Your Bank\" <sip:bank@ims.example.net>;tag=from-alice")]
    [InlineData("To", "<sip:carol@ims.example.net>;tag=to-bob")]
    public void The_token_of_a_dialog_is_good_for_no_other(string header, string value)
    {
        var (confirmed, _) = Call();
        _home.Mw.Clear();
        var bye = _alice.Within(SipMethod.Bye, confirmed);
        bye.Set(header, value);
        _alice.Send(bye);
        Assert.Equal(403, _alice.Answered().Status);
        Assert.Empty(_home.Mw);
    }

    [Fact]
    public void A_party_keeps_to_the_route_of_its_dialog()
    {
        var (confirmed, invite) = Call();
        _home.Mw.Clear();
        var bye = _alice.Within(SipMethod.Bye, confirmed);
        var routes = bye.GetAll(HeaderName.Route);
        bye.Set(HeaderName.Route, routes[0]);
        bye.Add(HeaderName.Route, "<sip:elsewhere.example.net;lr>");
        _alice.Send(bye);
        Assert.Equal(403, _alice.Answered().Status);
        bye = _bob.Within(SipMethod.Bye, invite);
        bye.Set(HeaderName.Route, bye.GetAll(HeaderName.Route)[0]);
        _bob.Send(bye);
        Assert.Equal(403, _bob.Answered().Status);
        Assert.Empty(_home.Mw);
    }

    [Fact]
    public void Neither_side_can_use_the_token_of_the_other()
    {
        var (confirmed, _) = Call();
        var ofTheCore = _home.Mw.First(one => one.ToCore && one.Message.Method == SipMethod.Invite).Message.RecordRoutes[0];
        var ofTheWic = confirmed.RecordRoutes[^1];
        Assert.NotEqual(ofTheCore.Uri, ofTheWic.Uri);
        _home.Mw.Clear();
        var bye = _alice.Within(SipMethod.Bye, confirmed);
        bye.ReplaceFirst(HeaderName.Route, ofTheCore);
        _alice.Send(bye);
        Assert.Equal(403, _alice.Answered().Status);
        Assert.Empty(_home.Mw);
    }

    [Fact]
    public void The_ack_of_another_dialog_is_dropped()
    {
        var (confirmed, _) = Call();
        _home.Mw.Clear();
        var ack = _alice.Within(SipMethod.Ack, confirmed);
        ack.Set(HeaderName.CallId, "another@call");
        _alice.Send(ack);
        Assert.Empty(_home.Mw);
        Assert.Empty(_alice.Take());
    }

    [Fact]
    public void A_request_without_hops_left_is_483()
    {
        var text = _alice.Request(SipMethod.Message, Bob);
        text.Set(HeaderName.MaxForwards, "0");
        _alice.Send(text);
        Assert.Equal(483, _alice.Answered().Status);
    }

    [Fact]
    public void An_emergency_call_is_sent_elsewhere_even_without_a_registration()
    {
        var eve = new Browser(_home, 9, "eve");
        eve.Send(eve.Request(SipMethod.Invite, "urn:service:sos.fire"));
        var alternative = eve.Answered();
        Assert.Equal((380, "application/3gpp-ims+xml"), (alternative.Status, alternative.Get(HeaderName.ContentType)));
    }

    [Fact]
    public void A_called_wic_cannot_change_the_way_back()
    {
        _alice.Send(_alice.Request(SipMethod.Invite, Bob));
        var invite = _bob.Called();
        var response = SipMessage.Response(invite, 180, toTag: "to-bob");
        response.Add(HeaderName.RecordRoute, "<sip:evil.example.net;lr>");
        response.Add(HeaderName.Contact, _bob.Contact);
        var via = response.GetAll(HeaderName.Via)[0];
        response.Remove(HeaderName.Via);
        response.Add(HeaderName.Via, via);
        response.Add(HeaderName.Via, "SIP/2.0/TCP evil.example.net;branch=z9hG4bKevil");
        _bob.Send(response);
        var ringing = Assert.Single(_alice.Take(), one => one.Status == 180);
        Assert.Equal(
            ["edge.example.net", "core.example.net", "edge.example.net"],
            ringing.RecordRoutes.Select(route => route.Uri.Host));
        Assert.Single(ringing.Vias);
    }

    /// <summary>An established call: the 200 that alice got, and the INVITE that bob got.</summary>
    (SipMessage Confirmed, SipMessage Invite) Call()
    {
        _alice.Send(_alice.Request(SipMethod.Invite, Bob));
        var invite = _bob.Called();
        _bob.Respond(invite, 180);
        Assert.Equal(180, Assert.Single(_alice.Take()).Status);
        _bob.Respond(invite, 200);
        var confirmed = _alice.Answered();
        _alice.Send(_alice.Within(SipMethod.Ack, confirmed));
        var ack = _bob.Called();
        Assert.Equal((SipMethod.Ack, 0), (ack.Method, ack.Routes.Count));
        return (confirmed, invite);
    }
}
