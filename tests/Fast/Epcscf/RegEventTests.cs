using Portunus.Bedrock;
using Portunus.Epcscf;
using Portunus.HomeCore;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>The edge hears from the core what becomes of its registrations (obligations 24 and 25).</summary>
public partial class RegEventTests
{
    readonly Home _home = new();
    readonly Browser _alice;

    public RegEventTests() => _alice = new(_home, 1, "alice");

    SipMessage LastSubscribe => _home.RegEvents.Last(one => one is { ToCore: true, Message: { IsRequest: true } }).Message;

    [Fact]
    public void After_a_registration_the_edge_subscribes_by_the_host_of_its_path_for_longer_than_the_registration()
    {
        Register(_alice);
        Assert.Equal(
            [("SUBSCRIBE", 0), ("SUBSCRIBE", 200), ("NOTIFY", 0), ("NOTIFY", 200)],
            _home.RegEvents.Select(one => (one.Message.Method, one.Message.Status)));
        var subscribe = LastSubscribe;
        Assert.Equal("sip:alice@ims.example.net", subscribe.RequestUriText);
        Assert.Equal("<sip:edge.example.net>", subscribe.Get(HeaderName.PAssertedIdentity));
        Assert.Equal("edge.example.net", subscribe.From!.Uri.Host);
        Assert.Equal(("edge.example.net", "tcp"), (subscribe.Contacts[0].Uri.Host, subscribe.Contacts[0].Uri.Transport));
        Assert.Equal(("reg", "application/reginfo+xml"), (subscribe.Get(HeaderName.Event), subscribe.Get(HeaderName.Accept)));
        Assert.Equal(1200u, subscribe.Expires);
        Assert.True(subscribe.Has(HeaderName.PChargingVector));
        Assert.False(subscribe.Has(HeaderName.Route));
    }

    [Fact]
    public void Two_windows_of_one_registration_set_are_one_subscription()
    {
        Register(_alice);
        Register(new Browser(_home, 2, "alice"));
        Assert.Single(Subscribes());
        Register(new Browser(_home, 3, "bob"));
        Assert.Equal(2, Subscribes().Length);
    }

    [Fact]
    public void Whom_the_core_deregisters_is_nobody_at_the_edge_any_more()
    {
        Register(_alice);
        var bob = new Browser(_home, 2, "bob");
        Register(bob);
        bob.Send(bob.Request(SipMethod.Invite, _alice.Identity));
        var invite = _alice.Called();
        _alice.Respond(invite, 200);
        bob.Answered();

        Assert.Equal(1, _home.Order(new CscfOrder.Deregister(_alice.Identity, DeregistrationReason.Deactivated)));

        _home.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal([_alice.Flow], _home.Closed);
        Assert.Contains(_home.Audits, one => one is { Event: EdgeEvent.EndedByCore, Subject: "sip:alice@ims.example.net" });
        // Its dialogs lead nowhere, its requests nowhere, and nobody reaches it.
        _alice.Send(_alice.Within(SipMethod.Bye, invite));
        Assert.Equal(403, _alice.Answered().Status);
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}", ("Turn-Credential-Request", "password")));
        var refused = _alice.Answered();
        Assert.Equal((403, false), (refused.Status, refused.Has("Turn-Credential")));
        foreach (var method in new[] { SipMethod.Message, SipMethod.Invite })
        {
            bob.Send(bob.Request(method, _alice.Identity));
            Assert.Equal(480, bob.Answered().Status);
        }
    }

    [Theory]
    [InlineData(DeregistrationReason.Probation)]
    [InlineData(DeregistrationReason.Rejected)]
    public void Who_is_not_to_come_back_at_once_keeps_its_WebSocket_for_a_trial(DeregistrationReason reason)
    {
        Register(_alice);
        _home.Order(new CscfOrder.Deregister(_alice.Identity, reason));
        Assert.Empty(_home.Closed);
        _alice.Send(_alice.Request(SipMethod.Message, "sip:bob@ims.example.net"));
        Assert.Equal(403, _alice.Answered().Status);
        _home.Pass(Home.Settings.Trial);
        Assert.Equal([_alice.Flow], _home.Closed);
    }

    [Fact]
    public void Who_was_deregistered_may_register_again_and_is_watched_again()
    {
        Register(_alice);
        _home.Order(new CscfOrder.Deregister(_alice.Identity, DeregistrationReason.Rejected));
        Register(_alice);
        Assert.Equal(2, Subscribes().Length);
        Assert.NotEqual(Subscribes()[0].CallId, Subscribes()[1].CallId);
        _home.Pass(Home.Settings.Trial);
        Assert.Empty(_home.Closed);
        Assert.Equal(1, _home.Order(new CscfOrder.Deregister(_alice.Identity, DeregistrationReason.Deactivated)));
        _home.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal([_alice.Flow], _home.Closed);
    }

    [Fact]
    public void A_shortened_registration_ends_when_the_core_says()
    {
        Register(_alice);
        Assert.Equal(1, _home.Order(new CscfOrder.Shorten(_alice.Identity, TimeSpan.FromSeconds(90))));
        _home.Pass(TimeSpan.FromSeconds(89));
        Assert.Empty(_home.Closed);
        _home.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([_alice.Flow], _home.Closed);
    }

    [Fact]
    public void Who_deregisters_itself_hears_its_200_and_keeps_its_WebSocket()
    {
        Register(_alice);
        Assert.Equal(200, _alice.Register(expires: 0).Status);
        _home.Pass(TimeSpan.FromSeconds(3));
        Assert.Empty(_home.Closed);
        // The last NOTIFY is still answered.
        Assert.Equal(("NOTIFY", 200), (_home.RegEvents[^1].Message.Method, _home.RegEvents[^1].Message.Status));
        Assert.Equal("terminated;reason=noresource", _home.RegEvents[^2].Message.Get(HeaderName.SubscriptionState));
    }

    [Fact]
    public void Subscriptions_that_wait_for_a_last_word_are_bounded()
    {
        var home = new Home(Home.Settings with { Flows = 1 });
        var alice = new Browser(home, 1, "alice");
        var answered = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            alice.Register();
            home.Pass(TimeSpan.Zero);
            alice.Register(expires: 0);
            answered.Add(home.RegEvents[^1].Message.Status);
        }

        // One may wait; a core that tells the others hears that nobody listens any more.
        Assert.Equal([200, 481, 481], answered);
    }

    [Fact]
    public void One_window_that_leaves_does_not_end_the_other()
    {
        Register(_alice);
        var other = new Browser(_home, 2, "alice");
        Register(other);
        other.Register(expires: 0);
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}"));
        Assert.Equal(200, _alice.Answered().Status);
        Assert.Empty(_home.Closed);
    }

    [Fact]
    public void All_windows_end_when_one_deregisters_all()
    {
        Register(_alice);
        var other = new Browser(_home, 2, "alice");
        Register(other);
        var all = _alice.Registering(0);
        all.Set(HeaderName.Contact, "*");
        all.Set(HeaderName.Expires, "0");
        _alice.Send(all);
        var challenged = _alice.Answered();
        all = _alice.Registering(0);
        all.Set(HeaderName.Contact, "*");
        all.Set(HeaderName.Expires, "0");
        _alice.Send(_alice.Answering(all, challenged));
        Assert.Equal(200, _alice.Answered().Status);
        other.Send(other.Request(SipMethod.Message, "sip:bob@ims.example.net"));
        Assert.Equal(403, other.Answered().Status);
    }

    [Fact]
    public void A_lost_WebSocket_is_deregistered_in_the_core_which_says_so_and_is_answered()
    {
        Register(_alice);
        _home.RegEvents.Clear();
        _home.Close(_alice.Flow);
        _home.Pass(Home.Settings.Grace);
        Assert.Equal(
            [("REGISTER", 0), ("REGISTER", 200)],
            _home.Mw.TakeLast(2).Select(one => (one.Message.Method, one.Message.Status)));
        Assert.Equal([("NOTIFY", 0), ("NOTIFY", 200)], _home.RegEvents.Select(one => (one.Message.Method, one.Message.Status)));
        Assert.Equal(0, _home.Order(new CscfOrder.Deregister(_alice.Identity, DeregistrationReason.Deactivated)));
    }

    [Fact]
    public void A_subscription_is_refreshed_in_its_dialog_before_it_ends()
    {
        Register(_alice);
        _home.Pass(TimeSpan.FromSeconds(300));
        Assert.Equal(200, _alice.Register().Status);
        _home.RegEvents.Clear();
        _home.Pass(TimeSpan.FromSeconds(300));
        var refresh = Assert.Single(Subscribes());
        Assert.Equal((2u, 900u), (refresh.CSeq!.Value.Number, refresh.Expires!.Value));
        Assert.NotNull(refresh.To!.Tag);
        Assert.Equal("<sip:core.example.net;lr>", refresh.Get(HeaderName.Route));
        Assert.Equal(200, _home.RegEvents[1].Message.Status);
    }

    [Fact]
    public void A_core_that_was_started_anew_is_asked_anew()
    {
        Register(_alice);
        var first = LastSubscribe;
        _home.Pass(TimeSpan.FromSeconds(500));
        Assert.Equal(200, _alice.Register().Status);
        AnswerNext(481, TimeSpan.FromSeconds(100));
        var asked = Subscribes().Skip(1).ToArray();
        Assert.Equal([first.CallId], asked.Take(1).Select(one => one.CallId));
        Assert.NotEqual(first.CallId, asked[1].CallId);
        Assert.Null(asked[1].To!.Tag);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(480)]
    public void Whom_the_core_does_not_know_any_more_is_ended_so_that_it_registers_anew(int status)
    {
        Register(new Browser(_home, 2, "bob"));
        _home.CoreAnswersWatches = false;
        Register(_alice);
        _home.FromCore(Answer(LastSubscribe, status));
        Assert.False(IsRegistered());
        _home.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal([_alice.Flow], _home.Closed);
    }

    [Fact]
    public void A_core_that_has_never_let_us_watch_does_not_end_registrations_by_its_404()
    {
        _home.CoreAnswersWatches = false;
        Register(_alice);
        _home.FromCore(Answer(LastSubscribe, 404));
        Assert.True(IsRegistered());
    }

    [Fact]
    public void Who_registered_again_while_we_asked_is_not_ended_by_the_answer()
    {
        Register(new Browser(_home, 2, "bob"));
        _home.CoreAnswersWatches = false;
        Register(_alice);
        _home.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(200, _alice.Register().Status);
        _home.FromCore(Answer(LastSubscribe, 404));
        Assert.True(IsRegistered());
    }

    [Fact]
    public void A_core_that_refuses_is_asked_again_later_and_later()
    {
        _home.CoreAnswersWatches = false;
        Register(_alice, expires: 3600);
        var asked = 0;
        var pauses = new List<int>();
        for (int second = 0, last = 0; second < 1000; second++)
        {
            if (Subscribes().Length > asked)
            {
                asked++;
                pauses.Add(second - last);
                last = second;
                _home.FromCore(Answer(LastSubscribe, 403));
            }

            _home.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([0, 30, 60, 120, 240, 480], pauses.Select(pause => pause <= 1 ? 0 : pause));
        Assert.Equal(6, _home.Audits.Count(one => one.Event == EdgeEvent.Unwatched));
        // It works all the same.
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}"));
        Assert.Equal(200, _alice.Answered().Status);
    }

    [Fact]
    public void A_subscription_that_the_core_ends_begins_anew_while_there_is_somebody_to_watch()
    {
        Register(_alice);
        _home.FromCore(Notify(9, state: "terminated;reason=deactivated"));
        _home.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Subscribes().Length);
        Assert.NotEqual(Subscribes()[0].CallId, Subscribes()[1].CallId);
        // Not twice in a row.
        _home.FromCore(Notify(9, state: "terminated;reason=timeout"));
        _home.Pass(TimeSpan.FromSeconds(29));
        Assert.Equal(2, Subscribes().Length);
        _home.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(3, Subscribes().Length);
    }

    void Register(Browser browser, uint expires = 600)
    {
        Assert.Equal(200, browser.Register(expires).Status);
        _home.Pass(TimeSpan.Zero);
    }

    SipMessage[] Subscribes() => [.. _home.RegEvents.Where(one => one.Message is { IsRequest: true, Method: SipMethod.Subscribe })
        .Select(one => one.Message)];

    static SipMessage Answer(SipMessage subscribe, int status) => SipMessage.Response(subscribe, status, toTag: "core");

    void AnswerNext(int status, TimeSpan within)
    {
        _home.CoreAnswersWatches = false;
        _home.Pass(within);
        _home.FromCore(Answer(LastSubscribe, status));
        _home.CoreAnswersWatches = true;
        _home.Pass(TimeSpan.Zero);
    }

    bool IsRegistered()
    {
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}"));
        return _alice.Answered().Status == 200;
    }
}
