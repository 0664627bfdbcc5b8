using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>
/// Approach 2: a credential that the TURN servers know before the WIC has it, and that ends with its registration.
/// </summary>
public class PushTests
{
    const string Ask = "Turn-Credential-Request";
    const string Give = "Turn-Credential";

    readonly Home _home = new(provisioning: Pushing());
    readonly Browser _alice;

    public PushTests() => _alice = new(_home, 1, "alice");

    IEnumerable<EdgeQuestion.Push> Pushes => _home.Asked.Select(ask => (EdgeQuestion.Push)ask.Question);

    static PushProvisioning Pushing() => new(
        new([Site("turn1"), Site("turn2"), Site("turn3")]), new SeededRandom(7), new CredentialLimits { MaxAllocations = 4 });

    static TurnSite Site(string name) => new(name, Home.Domain, Home.Uri($"turn:{name}.example.net:3478?transport=udp"));

    [Fact]
    public void A_credential_is_pushed_to_every_server_before_the_200_goes_out()
    {
        _home.OutsideAnswers = false;
        Register();
        var ask = Assert.Single(_home.Asked);
        Assert.DoesNotContain(_alice.Take(), message => message.Status == 200);
        Assert.Equal(TimeSpan.FromMilliseconds(500), ask.Deadline - _home.Now);
        var (pushed, servers) = (EdgeQuestion.Push)ask.Question;
        Assert.Equal(["turn1", "turn2", "turn3"], servers.Order());
        Assert.Equal((Home.Domain, _home.Now.UnixSeconds + 660, 4), (pushed.Realm, pushed.Expires, pushed.Limits.MaxAllocations));
        Assert.Equal(pushed.Registration, Assert.Single(_home.Edge.Registrations()).Id);
        _home.Answer(ask, new EdgeAnswer.Pushed(["turn1", "turn2", "turn3"]));
        Assert.Equal(200, _alice.Answered().Status);
    }

    [Fact]
    public void The_pushed_keys_are_those_of_the_password_that_the_WIC_gets_and_the_password_is_in_no_question()
    {
        var given = Given(_alice.RegisterAsking());
        var pushed = Pushes.Single().Credential;
        Assert.Equal((pushed.Username, 660), (given.Username, given.Ttl));
        Assert.InRange(given.Username.Length, 16, 32);
        Assert.InRange(Convert.FromBase64String(given.Credential).Length, 16, 64);
        Assert.True(LongTermKey.TryDerive(PasswordAlgorithm.Md5, given.Username, Home.Domain, given.Credential, out var md5));
        Assert.True(LongTermKey.TryDerive(PasswordAlgorithm.Sha256, given.Username, Home.Domain, given.Credential, out var sha256));
        Assert.True(md5.Span.SequenceEqual(pushed.KeyMd5.Span) && sha256.Span.SequenceEqual(pushed.KeySha256.Span));
        Assert.DoesNotContain(given.Credential, Pushes.Single().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_WIC_is_told_only_of_servers_that_acknowledged()
    {
        _home.Acknowledging = ["turn2"];
        Assert.Equal(
            "turn:turn2.example.net:3478?transport=udp", Assert.Single(Given(_alice.RegisterAsking()).Uris).ToString());
    }

    [Fact]
    public void When_no_server_acknowledges_the_200_goes_out_without_the_header()
    {
        _home.Acknowledging = [];
        var confirmed = _alice.RegisterAsking();
        Assert.Equal((200, false), (confirmed.Status, confirmed.Has(Give)));
    }

    [Fact]
    public void Who_asks_again_since_no_server_acknowledged_is_told_of_with_the_same_end_so_that_what_comes_late_counts()
    {
        _home.Acknowledging = [];
        _alice.RegisterAsking();
        _home.Pass(TimeSpan.FromSeconds(8));
        _home.Acknowledging = ["turn1"];
        Assert.Equal(652, Given(_alice.RegisterAsking()).Ttl);
        Assert.Single(Pushes.Select(push => push.Credential.Expires).Distinct());
        // A refresh after that moves the end, as ever.
        Assert.Equal(660, Given(_alice.RegisterAsking()).Ttl);
    }

    [Fact]
    public void Who_asks_again_much_later_is_told_of_with_an_end_of_its_own()
    {
        _home.Acknowledging = [];
        _alice.RegisterAsking();
        _home.Pass(TimeSpan.FromSeconds(60));
        _home.Acknowledging = ["turn1"];
        Assert.Equal(660, Given(_alice.RegisterAsking()).Ttl);
    }

    [Fact]
    public void When_nobody_says_anything_the_200_goes_out_after_half_a_second_without_the_header()
    {
        _home.Acknowledging = null;
        Register();
        _home.Pass(TimeSpan.FromMilliseconds(499));
        Assert.DoesNotContain(_alice.Take(), message => message.Status == 200);
        _home.Pass(TimeSpan.FromMilliseconds(1));
        var confirmed = _alice.Answered();
        Assert.Equal((200, false), (confirmed.Status, confirmed.Has(Give)));
    }

    [Fact]
    public void Without_room_for_the_question_the_200_goes_out_without_the_header()
    {
        var home = new Home(Home.Settings with { Questions = 1 }, provisioning: Pushing()) { OutsideAnswers = false };
        var (alice, bob) = (new Browser(home, 1, "alice"), new Browser(home, 2, "bob"));
        Register(alice);
        Register(bob);
        var confirmed = bob.Answered();
        Assert.Equal((200, false), (confirmed.Status, confirmed.Has(Give)));
        Assert.Single(home.Asked);
    }

    [Fact]
    public void A_call_finds_the_WIC_while_its_200_waits()
    {
        _home.OutsideAnswers = false;
        Register();
        _alice.Take();
        var path = _home.Mw.Last(one => one.ToCore).Message.Get(HeaderName.Path)!;
        var message = SipMessage.Request(
            SipMethod.Message, SipUri.Parse("sip:alice@df7jal23ls0d.invalid"), new(SipUri.Parse("sip:x@y.net"), null, [new("tag", "1")]),
            new(SipUri.Parse(_alice.Identity)), "m1", 1);
        message.Insert(HeaderName.Via, new Via("TCP", "core.example.net", "z9hG4bKm"));
        message.Add(HeaderName.Route, path);
        _home.FromCore(message);
        Assert.Equal(SipMethod.Message, _alice.Called().Method);
    }

    [Fact]
    public void A_refresh_keeps_name_and_password_and_moves_the_end_with_a_higher_sequence()
    {
        var first = Given(_alice.RegisterAsking());
        _home.Pass(TimeSpan.FromSeconds(100));
        var second = Given(_alice.RegisterAsking());
        Assert.Equal((first.Username, first.Credential), (second.Username, second.Credential));
        var pushed = Pushes.Select(push => push.Credential).ToArray();
        Assert.True(pushed[1].Sequence > pushed[0].Sequence);
        Assert.Equal(100, pushed[1].Expires - pushed[0].Expires);
    }

    [Fact]
    public void Another_registration_has_another_name_and_another_password()
    {
        var (one, two) = (Given(_alice.RegisterAsking()), Given(new Browser(_home, 2, "bob").RegisterAsking()));
        Assert.NotEqual(one.Username, two.Username);
        Assert.NotEqual(one.Credential, two.Credential);
    }

    [Theory]
    [InlineData("deregistration")]
    [InlineData("expiry")]
    [InlineData("loss")]
    [InlineData("order")]
    [InlineData("star")]
    public void The_end_of_the_registration_withdraws_the_credential(string end)
    {
        var given = Given(_alice.RegisterAsking());
        switch (end)
        {
            case "deregistration":
                _alice.Register(expires: 0);
                break;
            case "expiry":
                _home.Pass(TimeSpan.FromSeconds(601));
                break;
            case "loss":
                _home.Close(_alice.Flow);
                Assert.Empty(_home.Withdrawn);
                _home.Pass(TimeSpan.FromSeconds(30));
                break;
            case "order":
                Assert.True(_home.Order(new EdgeOrder.End(given.Username)));
                break;
            case "star":
                _alice.Send(_alice.Registering());
                var star = _alice.Answering(_alice.Registering(), _alice.Answered());
                star.Set(HeaderName.Contact, "*");
                star.Set(HeaderName.Expires, "0");
                _alice.Send(star);
                break;
        }

        var withdrawn = Assert.Single(_home.Withdrawn);
        Assert.Equal((Home.Domain, given.Username), (withdrawn.Realm, withdrawn.Username));
        Assert.Equal(["turn1", "turn2", "turn3"], withdrawn.Servers);
        Assert.True(withdrawn.Sequence > Pushes.Single().Credential.Sequence);
        Assert.Empty(_home.Edge.Registrations());
    }

    [Fact]
    public void An_order_to_end_a_registration_tells_the_core_and_closes_the_WebSocket()
    {
        _alice.Register();
        Assert.False(_home.Order(new EdgeOrder.End("nobody")));
        Assert.True(_home.Order(new EdgeOrder.End(Assert.Single(_home.Edge.Registrations()).Id)));
        Assert.Equal([_alice.Flow], _home.Closed);
        Assert.Equal(0u, _home.Mw.Last(one => one.ToCore).Message.Contacts[0].Expires);
        Assert.Contains(_home.Audits, audit => audit.Event is EdgeEvent.EndedByOperator);
        // It was never known to a TURN server.
        Assert.Empty(_home.Withdrawn);
    }

    [Fact]
    public void A_registration_that_ends_while_its_push_is_under_way_is_withdrawn_and_gets_no_credential()
    {
        _home.OutsideAnswers = false;
        Register();
        Assert.True(_home.Order(new EdgeOrder.End(Assert.Single(_home.Edge.Registrations()).Id)));
        Assert.Single(_home.Withdrawn);
        _home.Answer(_home.Asked[0], new EdgeAnswer.Pushed(["turn1"]));
        Assert.DoesNotContain(_alice.Take(), message => message.Has(Give));
        Assert.Empty(_home.Edge.Registrations());
    }

    [Fact]
    public void A_call_that_comes_in_waits_for_no_push_while_the_servers_know_its_credential()
    {
        var bob = new Browser(_home, 2, "bob");
        _alice.Register();
        var given = Given(bob.RegisterAsking());
        _home.Pass(TimeSpan.FromSeconds(100));
        _alice.Send(_alice.Request(SipMethod.Invite, bob.Identity));
        var again = Given(bob.Called());
        Assert.Equal((given.Username, given.Credential, 560), (again.Username, again.Credential, again.Ttl));
        Assert.Single(_home.Asked);
    }

    [Fact]
    public void After_a_change_of_servers_a_call_that_comes_in_is_told_of_the_new_ones()
    {
        var bob = new Browser(_home, 2, "bob");
        _alice.Register();
        bob.RegisterAsking();
        _home.Order(new EdgeOrder.Provide(old => ((PushProvisioning)old).With(new([Site("turn2")]))));
        _alice.Send(_alice.Request(SipMethod.Invite, bob.Identity));
        Assert.Equal("turn:turn2.example.net:3478?transport=udp", Assert.Single(Given(bob.Called()).Uris).ToString());
    }

    [Fact]
    public void A_call_after_half_of_the_credential_waits_for_its_push_and_a_CANCEL_meanwhile_ends_it()
    {
        var day = TimeSpan.FromDays(1);
        var home = new Home(core: Home.CoreSettings with { LongestExpiry = day }, provisioning: Pushing());
        var (alice, bob) = (new Browser(home, 1, "alice"), new Browser(home, 2, "bob"));
        alice.Register(expires: 86_400);
        Assert.Equal(3600, Given(bob.RegisterAsking(expires: 86_400)).Ttl);
        home.Pass(TimeSpan.FromSeconds(1801));
        home.OutsideAnswers = false;
        alice.Send(alice.Request(SipMethod.Invite, bob.Identity));
        Assert.Empty(bob.Take());
        home.Answer(home.Asked[^1], new EdgeAnswer.Pushed(["turn3"]));
        Assert.Equal(3600, Given(bob.Called()).Ttl);

        home.Pass(TimeSpan.FromSeconds(1801));
        var other = alice.Request(SipMethod.Invite, bob.Identity);
        alice.Send(other);
        // A CANCEL waits for a provisional response, which each hop gives after 200 ms (RFC 3261 §9.1, §17.2.1).
        home.Pass(TimeSpan.FromMilliseconds(300));
        var cancel = SipMessage.Request(
            SipMethod.Cancel, other.RequestUri!, other.From!, other.To!, other.CallId!, other.CSeq!.Value.Number);
        cancel.CopyFrom(other, HeaderName.Via);
        alice.Send(cancel);
        home.Answer(home.Asked[^1], new EdgeAnswer.Pushed(["turn3"]));
        Assert.DoesNotContain(bob.Take(), message => message.Method == SipMethod.Invite);
        Assert.Contains(alice.Take(), message => message.Status == 487);
    }

    [Fact]
    public void An_OPTIONS_is_answered_after_its_push()
    {
        _alice.Register();
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password")));
        Assert.True(_alice.Answered().Has(Give));
    }

    [Fact]
    public void Two_requests_at_once_share_the_push_that_is_open_and_both_answers_carry_the_credential()
    {
        _home.OutsideAnswers = false;
        Register();
        _alice.Take();
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password")));
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password")));
        _home.Answer(Assert.Single(_home.Asked), new EdgeAnswer.Pushed(["turn1", "turn3"]));
        _home.Pass(TimeSpan.Zero);
        var given = _alice.Take().Where(message => message.Status == 200).ToArray();
        Assert.Equal([SipMethod.Register, SipMethod.Options, SipMethod.Options], given.Select(one => one.CSeq!.Value.Method));
        Assert.Single(given.Select(one => one.Get(Give)).Distinct());
        Assert.Equal(2, Given(given[0]).Uris.Count());
        Assert.Single(_home.Asked);
    }

    [Fact]
    public void A_refresh_during_the_push_of_an_OPTIONS_waits_for_it_and_then_tells_its_own_longer_one()
    {
        Register();
        _home.Pass(TimeSpan.FromSeconds(100));
        _home.OutsideAnswers = false;
        _alice.Take();
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password")));
        Register();
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password")));
        Assert.DoesNotContain(_alice.Take(), message => message.Status == 200);
        Assert.Equal(2, _home.Asked.Count);
        _home.Answer(_home.Asked[1], new EdgeAnswer.Pushed(["turn1"]));
        var first = _alice.Answered();
        Assert.Equal((SipMethod.Options, 560), (first.CSeq!.Value.Method, Given(first).Ttl));
        _home.Pass(TimeSpan.Zero);
        Assert.Equal(3, _home.Asked.Count);
        _home.Answer(_home.Asked[2], new EdgeAnswer.Pushed(["turn1", "turn2"]));
        _home.Pass(TimeSpan.Zero);
        var rest = _alice.Take().Where(message => message.Status == 200).ToArray();
        Assert.Equal([SipMethod.Register, SipMethod.Options], rest.Select(one => one.CSeq!.Value.Method));
        Assert.All(rest, one => Assert.Equal(660, Given(one).Ttl));
        Assert.Equal(Given(first).Username, Given(rest[0]).Username);
    }

    [Fact]
    public void Who_waits_for_a_push_that_nobody_answers_is_answered_with_it_and_one_whose_registration_ended_is_refused()
    {
        _home.OutsideAnswers = false;
        Register();
        _alice.Take();
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password")));
        _home.Pass(TimeSpan.FromMilliseconds(500));
        Assert.All(Answers(), message => Assert.Equal((200, false), (message.Status, message.Has(Give))));
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password")));
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password")));
        _home.Order(new EdgeOrder.End(Assert.Single(_home.Edge.Registrations()).Id));
        _home.Answer(_home.Asked[^1], new EdgeAnswer.Pushed(["turn1"]));
        _home.Pass(TimeSpan.Zero);
        Assert.All(Answers(), message => Assert.Equal((403, false), (message.Status, message.Has(Give))));

        SipMessage[] Answers()
        {
            var answers = _alice.Take().Where(message => message.Status >= 200).ToArray();
            Assert.Equal(2, answers.Length);
            return answers;
        }
    }

    void Register(Browser? who = null)
    {
        var wic = who ?? _alice;
        wic.Send(wic.Registering(600, (Ask, "password")));
        wic.Send(wic.Answering(wic.Registering(600, (Ask, "password")), wic.Answered()));
    }

    static PasswordCredential Given(SipMessage message)
    {
        Assert.True(TypedValue.TryParse(message.Get(Give)!, out var value));
        Assert.True(TurnCredential.TryRead(
            value.Types[0], value.Parameters.Select(one => new NameValue(one.Name, one.Value ?? "")).ToArray(), out var read));
        return Assert.IsType<PasswordCredential>(read);
    }
}

