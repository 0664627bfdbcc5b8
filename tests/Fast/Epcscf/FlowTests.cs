using Portunus.Epcscf;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

public class FlowTests
{
    readonly Home _home = new();
    readonly Browser _bob;
    readonly string _path;

    public FlowTests()
    {
        _bob = new(_home, 2, "bob");
        _bob.Register(600, ("Turn-Credential-Request", "password"));
        _path = _home.Mw.Last(one => one.ToCore).Message.Get(HeaderName.Path)!;
        _home.Mw.Clear();
    }

    [Fact]
    public void A_request_by_our_path_reaches_the_flow()
    {
        _home.FromCore(ByRoute(_path));
        Assert.Equal(SipMethod.Message, _bob.Called().Method);
    }

    [Fact]
    public void A_flow_that_was_not_registered_within_a_minute_is_closed_and_a_registered_one_is_not()
    {
        var guest = new Browser(_home, 3, "alice");
        guest.Send(guest.Registering());
        Assert.Equal(401, guest.Answered().Status);
        _home.Pass(TimeSpan.FromSeconds(59));
        Assert.Empty(_home.Closed);
        _home.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([guest.Flow], _home.Closed);
    }

    [Fact]
    public void A_token_with_any_character_changed_is_403()
    {
        var token = _path[5.._path.IndexOf('@')];
        for (var i = 0; i < token.Length; i++)
        {
            var other = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            _home.FromCore(ByRoute(_path.Replace(token, other)));
            Assert.Equal(403, Assert.Single(_home.Mw).Message.Status);
            _home.Mw.Clear();
        }

        Assert.Empty(_bob.Take());
    }

    [Theory]
    [InlineData("<sip:edge.example.net;lr>")]
    [InlineData("<sip:short@edge.example.net;lr>")]
    [InlineData("<sip:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA@edge.example.net;lr>")]
    public void A_route_without_a_token_of_ours_is_403(string route)
    {
        _home.FromCore(ByRoute(route));
        Assert.Equal(403, Assert.Single(_home.Mw).Message.Status);
    }

    [Fact]
    public void A_token_of_the_edge_before_its_restart_is_430()
    {
        var restarted = new Home(seed: 99);
        restarted.FromCore(ByRoute(_path));
        Assert.Equal(430, Assert.Single(restarted.Mw).Message.Status);
    }

    [Fact]
    public void A_closed_flow_is_430_at_once()
    {
        _home.Close(_bob.Flow);
        _home.FromCore(ByRoute(_path));
        Assert.Equal(430, Assert.Single(_home.Mw).Message.Status);
    }

    [Fact]
    public void A_request_on_its_way_to_a_flow_that_closes_is_430()
    {
        _home.FromCore(ByRoute(_path));
        _bob.Called();
        _home.Close(_bob.Flow);
        Assert.Equal(430, Assert.Single(_home.Mw).Message.Status);
    }

    [Fact]
    public void A_deregistered_flow_is_430()
    {
        _bob.Register(expires: 0);
        _home.Mw.Clear();
        _home.FromCore(ByRoute(_path));
        Assert.Equal(430, Assert.Single(_home.Mw).Message.Status);
    }

    [Fact]
    public void A_caller_hears_480_of_a_flow_that_died_and_the_core_forgets_it()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Register();
        _home.Close(_bob.Flow);
        alice.Send(alice.Request(SipMethod.Invite, $"sip:bob@{Home.Domain}"));
        Assert.Equal(480, alice.Answered().Status);
    }

    [Fact]
    public void Nobody_back_after_the_grace_is_deregistered_in_the_core()
    {
        _home.Close(_bob.Flow);
        _home.Pass(TimeSpan.FromSeconds(29));
        Assert.Empty(_home.Mw);
        _home.Pass(TimeSpan.FromSeconds(1));
        var register = _home.Mw[0].Message;
        Assert.Equal(SipMethod.Register, register.Method);
        Assert.Equal((0u, 0u), (register.Expires!.Value, register.Contacts[0].Expires!.Value));
        Assert.Equal("tls-yes", DigestCredentials.Of(register)!.Parameters["integrity-protected"]);
        Assert.Single(register.Vias);
        var confirmed = _home.Mw[1].Message;
        Assert.Equal((200, false), (confirmed.Status, confirmed.Has(HeaderName.Contact)));
        Assert.Equal([EdgeEvent.FlowLost, EdgeEvent.Abandoned], _home.Audits.TakeLast(2).Select(one => one.Event));
    }

    [Fact]
    public void A_core_that_does_not_hear_of_a_deregistration_is_told_again_until_it_does()
    {
        _home.CoreAnswers = false;
        _home.Close(_bob.Flow);
        _home.Pass(TimeSpan.FromSeconds(30 + 32 + 30 + 32));
        Assert.Equal(2, Deregistrations());
        _home.CoreAnswers = true;
        _home.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal((3, 200), (Deregistrations(), _home.Mw[^1].Message.Status));
        _home.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(3, Deregistrations());
    }

    [Fact]
    public void A_core_that_never_hears_is_not_told_for_ever_and_one_whose_WIC_came_back_not_at_all()
    {
        _home.CoreAnswers = false;
        _home.Close(_bob.Flow);
        _home.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(5, Deregistrations());

        _home.CoreAnswers = true;
        _bob.Flow = new(77);
        Assert.Equal(200, _bob.Register().Status);
        _home.CoreAnswers = false;
        _home.Close(_bob.Flow);
        _home.Pass(TimeSpan.FromSeconds(30 + 32));
        Assert.Equal(6, Deregistrations());
        _home.CoreAnswers = true;
        _bob.Flow = new(78);
        Assert.Equal(200, _bob.Register().Status);
        _home.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(6, Deregistrations());
    }

    [Fact]
    public void A_wic_that_comes_back_in_time_goes_on_where_it_was()
    {
        _home.Close(_bob.Flow);
        _home.Pass(TimeSpan.FromSeconds(29));
        var before = _bob.Flow;
        _bob.Flow = new(77);
        var confirmed = _bob.Register(600, ("Turn-Credential-Request", "password"));
        Assert.Equal(200, confirmed.Status);
        Assert.Equal(EdgeEvent.Refreshed, _home.Audits[^2].Event);
        _home.Mw.Clear();
        _home.Pass(TimeSpan.FromSeconds(60));
        Assert.Empty(_home.Mw);
        _home.FromCore(ByRoute(_path));
        Assert.Equal(430, Assert.Single(_home.Mw).Message.Status);
        Assert.Empty(_home.Take(before));
    }

    [Fact]
    public void A_new_flow_takes_the_registration_from_an_open_one()
    {
        var old = _bob.Flow;
        _bob.Flow = new(77);
        Assert.Equal(200, _bob.Register().Status);
        _home.ToEdge(old, _bob.Request(SipMethod.Message, $"sip:bob@{Home.Domain}"));
        Assert.Equal(403, Assert.Single(_home.Take(old)).Status);
        _home.Close(old);
        _home.Pass(TimeSpan.FromSeconds(31));
        _bob.Send(_bob.Request(SipMethod.Options, $"sip:{Home.Domain}"));
        Assert.Equal(200, _bob.Answered().Status);
    }

    [Fact]
    public void A_call_survives_the_change_of_a_flow()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Register();
        alice.Send(alice.Request(SipMethod.Invite, $"sip:bob@{Home.Domain}"));
        var invite = _bob.Called();
        _bob.Respond(invite, 200);
        var confirmed = alice.Answered();
        alice.Send(alice.Within(SipMethod.Ack, confirmed));
        _bob.Take();
        _home.Close(_bob.Flow);
        _home.Pass(TimeSpan.FromSeconds(5));
        _bob.Flow = new(78);
        _bob.Register();
        alice.Send(alice.Within(SipMethod.Bye, confirmed));
        Assert.Equal(SipMethod.Bye, _bob.Called().Method);
        _bob.Send(_bob.Within(SipMethod.Info, invite));
        Assert.Equal(SipMethod.Info, alice.Called().Method);
    }

    [Fact]
    public void A_caller_that_vanishes_is_cancelled()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Register();
        alice.Send(alice.Request(SipMethod.Invite, $"sip:bob@{Home.Domain}"));
        _bob.Respond(_bob.Called(), 180);
        _home.Close(alice.Flow);
        Assert.Equal(SipMethod.Cancel, _bob.Called().Method);
    }

    [Fact]
    public void A_registration_that_is_confirmed_after_its_flow_closed_waits_for_another()
    {
        (_home.CoreAnswers, _home.CoreAnswersWatches) = (false, false);
        var alice = new Browser(_home, 1, "alice");
        alice.Send(alice.Registering());
        var answer = SipMessage.Response(_home.Mw[0].Message, 200, toTag: "x");
        answer.Add(HeaderName.Contact, alice.Registering().Get(HeaderName.Contact)!);
        _home.Close(alice.Flow);
        _home.FromCore(answer);
        _home.Mw.Clear();
        _home.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal("0", Assert.Single(_home.Mw).Message.Get(HeaderName.Expires));
    }

    [Theory]
    [InlineData(SipMethod.Invite)]
    [InlineData(SipMethod.Message)]
    [InlineData(SipMethod.Options)]
    [InlineData(SipMethod.Bye)]
    public void What_comes_before_a_registration_is_403(string method)
    {
        var eve = new Browser(_home, 9, "eve");
        eve.Send(eve.Request(method, $"sip:bob@{Home.Domain}"));
        Assert.Equal(403, eve.Answered().Status);
    }

    [Fact]
    public void A_response_from_another_flow_is_dropped()
    {
        _home.FromCore(ByRoute(_path));
        var request = _bob.Called();
        _home.ToEdge(new(9), SipMessage.Response(request, 200, toTag: "evil"));
        Assert.Empty(_home.Mw);
        _bob.Respond(request, 200);
        Assert.Equal(200, Assert.Single(_home.Mw).Message.Status);
    }

    [Fact]
    public void A_neighbour_that_looks_whether_we_live_is_answered()
    {
        var options = ByRoute(_path);
        var ping = SipMessage.Request(
            SipMethod.Options, SipUri.Parse("sip:edge.example.net"), options.From!, options.To!, "ping@core", 1);
        ping.Insert(HeaderName.Via, new Via("TCP", "core.example.net", "z9hG4bKping"));
        _home.FromCore(ping);
        Assert.Equal(200, Assert.Single(_home.Mw).Message.Status);
    }

    [Fact]
    public void What_a_called_wic_answers_is_charged_as_the_request_was_whatever_it_says_itself()
    {
        var request = ByRoute(_path);
        request.Add(HeaderName.PChargingVector, "icid-value=\"of-the-core\"");
        _home.FromCore(request);
        var called = _bob.Called();
        Assert.False(called.Has(HeaderName.PChargingVector));
        _bob.Respond(called, 200, ("P-Charging-Vector", "icid-value=\"of-the-wic\""));
        Assert.Equal("icid-value=\"of-the-core\"", Assert.Single(_home.Mw).Message.Get(HeaderName.PChargingVector));
    }

    int Deregistrations() => _home.Mw.Count(
        one => one is { ToCore: true, Message: { Method: SipMethod.Register, IsRequest: true, Expires: 0 } });

    static SipMessage ByRoute(string route)
    {
        var request = SipMessage.Request(
            SipMethod.Message, SipUri.Parse("sip:bob@df7jal23ls0d.invalid;transport=ws"),
            new(SipUri.Parse("sip:x@y"), null, [new("tag", "1")]), new(SipUri.Parse("sip:bob@ims.example.net")), "c@y", 1);
        request.Insert(HeaderName.Via, new Via("TCP", "core.example.net", $"z9hG4bKcore{Interlocked.Increment(ref _branches)}"));
        request.Add(HeaderName.Route, route);
        return request;
    }

    static ulong _branches;
}
